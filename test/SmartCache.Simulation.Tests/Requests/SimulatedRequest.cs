using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;

namespace SmartCache.Simulation;

/// <summary>One HTTP request with the stock session. This class plays the part of the stock middleware.</summary>
internal sealed class SimulatedRequest
{
    private readonly SimulatedNode _node;
    private readonly string _key;
    private readonly ObservedCache _cache;
    private readonly DefaultHttpContext _context = new();
    private bool _isLoaded;
    private bool _skipsSave;
    private bool _forcesSave;

    public SimulatedRequest(SimulatedNode node, string key)
    {
        (_node, _key, _cache) = (node, key, new ObservedCache(node.Cache));
        Session = NewSession();
    }

    public ISession Session { get; private set; }

    /// <summary>Whether what it changed is to be saved.</summary>
    public bool Saves => !_skipsSave || _forcesSave;
    public bool SkipsRefresh { get; private set; }
    public bool Abandons { get; private set; }

    /// <summary>Whether the cache considers the session removed, and discards what this request saves.</summary>
    public bool IsRemoved => SessionRequest.For(_context).Find(_node.Cache, CacheKey.From(_key))?.Find(Session) is { IsRemoved: true };

    public IReadOnlyDictionary<string, string> Entries => _isLoaded
        ? Session.Keys.ToDictionary(static name => name, name => Encoding.UTF8.GetString(Session.TryGetValue(name, out var value) ? value : []))
        : new Dictionary<string, string>();

    /// <summary>Loads the session, and returns its incarnation and entries; no incarnation if there was no session.</summary>
    public async Task<(Guid? Incarnation, IReadOnlyDictionary<string, string> Entries)> LoadAsync(bool atOnce)
    {
        _node.Accessor.HttpContext = _context;
        if (!atOnce)
            await Session.LoadAsync();

        _isLoaded = Session.IsAvailable;
        return (_cache.HasFound ? Guid.Parse(Session.Id) : null, Entries);
    }

    /// <summary>Commits. When the middleware ends, the session is no longer a feature of the request.</summary>
    public async Task CommitAsync(bool isLast, CancellationToken cancellationToken)
    {
        _node.Accessor.HttpContext = _context;
        if (isLast)
            _context.Features.Set<ISessionFeature>(null);

        await Session.CommitAsync(cancellationToken);
    }

    public void ExecuteAnew() => Session = NewSession();

    public void Ask(DeedKind kind)
    {
        switch (kind)
        {
            case DeedKind.SkipSave:
                _context.SkipSessionSave();
                _skipsSave = true;
                break;
            case DeedKind.ForceSave:
                _context.ForceSessionSave();
                _forcesSave = true;
                break;
            case DeedKind.SkipRefresh:
                _context.SkipSessionRefresh();
                SkipsRefresh = true;
                break;
            case DeedKind.Abandon:
                _context.AbandonSession();
                Abandons = true;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    /// <summary>Abandoning works once.</summary>
    public void HasAbandoned() => Abandons = false;

    private ISession NewSession()
    {
        _isLoaded = false;
        var session = new DistributedSessionStore(_cache, _node.Loggers)
            .Create(_key, Setting.Window, Timeout.InfiniteTimeSpan, static () => true, isNewSessionKey: false);
        _context.Features.Set<ISessionFeature>(new SessionFeature { Session = session });
        return session;
    }
}

/// <summary>The cache as the session sees it. Notes what is found, and what is saved.</summary>
internal sealed class ObservedCache(IDistributedCache cache) : IDistributedCache
{
    /// <summary>Whether the last read found anything.</summary>
    public bool HasFound { get; private set; }

    public byte[]? Get(string key) => Found(cache.Get(key));

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Found(await cache.GetAsync(key, token));

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Actor.Current.Saves = value;
        return cache.SetAsync(key, value, options, token);
    }

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => cache.RefreshAsync(key, token);

    public void Remove(string key) => throw new NotSupportedException();

    public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    private byte[]? Found(byte[]? value)
    {
        HasFound = value is not null;
        return value;
    }
}
