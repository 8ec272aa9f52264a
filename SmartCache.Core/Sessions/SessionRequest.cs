using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sessions;

/// <summary>
/// What one request has loaded, by cache and key, and what the app asked for its session: the scope of a merge. Nearly every request
/// has one key and needs no dictionary.
/// </summary>
internal sealed class SessionRequest
{
    /// <summary>How many keys without a session are remembered.</summary>
    private const int MaxMisses = 16;

    private static readonly Lock Creation = new();

    private Queue<(object Cache, CacheKey Key)>? _misses;
    private RequestedKey? _first;
    private Dictionary<(object Cache, CacheKey Key), RequestedKey>? _others;
    private bool _abandon;
    private CacheKey? _abandonedEarly;

    public Lock Lock { get; } = new();
    public bool SkipSave { get; set; }
    public bool ForceSave { get; set; }
    public bool SkipRefresh { get; set; }

    /// <summary>What commits the request's sessions before its response starts; null if nothing does.</summary>
    public ResponseCommit? Response { get; set; }

    /// <summary>The session that is being committed before the response starts.</summary>
    public ISession? Committing { get; set; }

    /// <summary>What the request knows of tickets; null until it loads or stores one.</summary>
    public RequestTickets? Tickets { get; private set; }

    /// <summary>Whether the request has found more keys without a session than it remembers.</summary>
    public bool HasForgotten { get; private set; }

    public static SessionRequest For(HttpContext context)
    {
        if (context.Features.Get<SessionRequest>() is { } existing)
            return existing;

        // An app may read from several tasks of one request, and a feature collection is not thread-safe.
        lock (Creation)
        {
            var request = context.Features.Get<SessionRequest>();
            if (request is null)
            {
                request = new SessionRequest();
                context.Features.Set(request);
            }

            return request;
        }
    }

    /// <summary>What a request knows of tickets.</summary>
    public static RequestTickets TicketsOf(HttpContext context)
    {
        var request = For(context);
        lock (request.Lock)
            return request.Tickets ??= new RequestTickets();
    }

    /// <summary>The request that the caller runs in; null if it has ended, although the caller was started in it.</summary>
    public static SessionRequest? Current(IHttpContextAccessor? accessor, out object? session) => Current(accessor, For, out session);

    /// <summary>The same; null also if nothing about the request is known yet.</summary>
    public static SessionRequest? Known(IHttpContextAccessor? accessor, out object? session) =>
        Current(accessor, static context => context.Features.Get<SessionRequest>(), out session);

    /// <summary>Whether a save or refresh for that session object is its last one: at the request's end, or before the response starts.</summary>
    public bool IsEnd(object? session) => session is null || session == Committing;

    /// <summary>The changes of the session object are saved.</summary>
    public void Saved(RequestedKey known, object? session, long now)
    {
        Response?.Saved(session);
        if (session is not null && session == Committing)
            known.SettledAt = now;
    }

    /// <summary>The key of a session that the request has loaded; null if it has no row, as far as the request knows.</summary>
    public CacheKey? FindKey(object cache, ISession session)
    {
        // An app may read values of its own, too, and they look the same but for their id.
        var id = session.Id;
        lock (Lock)
        {
            IEnumerable<RequestedKey?> all = _others is null ? [_first] : [_first, .. _others.Values];
            return all.FirstOrDefault(
                known => known?.Cache == cache && known.Find(session)?.Basis.Base is { } loaded && new Guid(loaded.Id).ToString() == id)?.Key;
        }
    }

    public RequestedKey? Find(object cache, CacheKey key)
    {
        lock (Lock)
            return _first?.Cache == cache && _first.Key.Equals(key) ? _first : _others?.GetValueOrDefault((cache, key));
    }

    /// <summary>Remembers what was read. A session counts as touched from the request's end, unless the request objects.</summary>
    /// <returns>Whether the row is a live session, so that the request keeps it and the touch.</returns>
    public bool Observe(object cache, CacheKey key, object? owner, Row row, bool isLive, TouchQueue touches, long now)
    {
        var isSession = isLive && row.Kind == RowKind.Session;
        var isHeldAlready = isSession && Find(cache, key)?.HoldsTouch == true;
        var held = isSession && !isHeldAlready && touches.Hold(key, now, row.Stored) is { } hold ? (now, hold) : ((long At, int Hold)?)null;
        Observe(cache, key, owner, row, isLive, held);
        return isSession;
    }

    /// <summary>Takes in a completed read, as <see cref="RequestedKey.Observe"/> does.</summary>
    public void Observe(object cache, CacheKey key, object? owner, Row row, bool isLive, (long At, int Hold)? held)
    {
        lock (Lock)
        {
            if (FindOrAdd(cache, key).Observe(owner, row, isLive, held))
                RememberMiss(cache, key);
        }
    }

    /// <summary>Begins a save, a refresh or a removal, after any other one of the same key.</summary>
    /// <returns>What is known about the key. Dispose it so that the next one can go on.</returns>
    public async ValueTask<RequestedKey> EnterAsync(object cache, CacheKey key, bool async, CancellationToken token)
    {
        RequestedKey known;
        SemaphoreSlim? gate;
        lock (Lock)
        {
            known = FindOrAdd(cache, key);
            gate = known.Enter();
        }

        try
        {
            if (gate is not null && async)
                await gate.WaitAsync(token).ConfigureAwait(false);
            else
                gate?.Wait(token);
        }
        catch
        {
            Leave(known, hasPassed: false);
            throw;
        }

        return known;
    }

    public void Leave(RequestedKey known, bool hasPassed)
    {
        lock (Lock)
        {
            known.Leave(hasPassed);
            if (known.IsUnused)
                Remove(known);
        }
    }

    public void Abandon()
    {
        lock (Lock)
            (_abandon, _abandonedEarly) = (true, null);
    }

    /// <summary>
    /// True once after <see cref="Abandon"/>: what follows in the same request belongs to another session. Only the end makes certain
    /// which key is the session's. An earlier commit may concern a value of the app's own: then the end still counts.
    /// </summary>
    public bool TakeAbandon(CacheKey key, bool isEnd)
    {
        lock (Lock)
        {
            if (!_abandon)
                return false;

            if (isEnd)
            {
                _abandon = false;
                return _abandonedEarly?.Equals(key) != true;
            }

            var isFirst = _abandonedEarly is null;
            _abandonedEarly ??= key;
            return isFirst;
        }
    }

    private static SessionRequest? Current(IHttpContextAccessor? accessor, Func<HttpContext, SessionRequest?> find, out object? session)
    {
        session = null;
        if (accessor?.HttpContext is not { } context)
            return null;

        try
        {
            // The stock middleware has removed the feature when it commits at the request's end.
            session = context.Features.Get<ISessionFeature>()?.Session;
            var request = find(context);

            // Middleware that nests or has ended has left another session there, or none.
            if (request?.Committing is { } committing)
                session = committing;

            // The server reuses contexts: this one may belong to another request by now.
            return accessor.HttpContext == context ? request : null;
        }
        catch (Exception exception) when (exception is ObjectDisposedException || accessor.HttpContext != context)
        {
            // The request ended meanwhile, and its parts with it.
            return null;
        }
    }

    private RequestedKey FindOrAdd(object cache, CacheKey key)
    {
        if (Find(cache, key) is { } known)
            return known;

        known = new RequestedKey(this, cache, key);
        if (_first is null)
            _first = known;
        else
            (_others ??= []).Add((cache, key), known);

        return known;
    }

    private void Remove(RequestedKey known)
    {
        if (known == _first)
            _first = null;
        else
            _others?.Remove((known.Cache, known.Key));
    }

    private void RememberMiss(object cache, CacheKey key)
    {
        _misses ??= new Queue<(object, CacheKey)>();
        _misses.Enqueue((cache, key));
        if (_misses.Count > MaxMisses && _misses.Dequeue() is var oldest
            && Find(oldest.Cache, oldest.Key) is { IsIdleMiss: true } known)
        {
            Remove(known);
            HasForgotten = true;
        }
    }
}
