using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>What one request has loaded, and what the app asked for its session: the scope of a merge.</summary>
internal sealed class SessionRequest
{
    /// <summary>How many keys found missing are remembered, those in the session middleware's form not counted.</summary>
    private const int MaxMisses = 16;

    private static readonly Lock Creation = new();

    private readonly Lock _lock = new();
    private readonly SnapshotSet _snapshots = new();
    private Queue<(object Cache, CacheKey Key)>? _misses;
    private bool _abandon;

    public bool SkipSave { get; set; }

    public bool ForceSave { get; set; }

    public bool SkipRefresh { get; set; }

    public static SessionRequest For(HttpContext context)
    {
        if (context.Features.Get<SessionRequest>() is { } existing)
        {
            return existing;
        }

        // An app may read from several tasks of one request; a feature collection does not arbitrate.
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

    /// <summary>The request the caller runs in; null if it has ended, though the caller was begun in it.</summary>
    public static SessionRequest? Current(IHttpContextAccessor? accessor, out object? session) => Current(accessor, For, out session);

    /// <summary>As <see cref="Current(IHttpContextAccessor?, out object?)"/>; null also if nothing of the request is known yet.</summary>
    public static SessionRequest? Known(IHttpContextAccessor? accessor, out object? session) =>
        Current(accessor, static context => context.Features.Get<SessionRequest>(), out session);

    private static SessionRequest? Current(IHttpContextAccessor? accessor, Func<HttpContext, SessionRequest?> find, out object? session)
    {
        session = null;
        if (accessor?.HttpContext is not { } context)
        {
            return null;
        }

        try
        {
            session = CurrentSession(context);
            var request = find(context);

            // The server uses contexts again: by now it may have become another request's.
            return accessor.HttpContext == context ? request : null;
        }
        catch (Exception exception) when (exception is ObjectDisposedException || accessor.HttpContext != context)
        {
            // It ended while we looked, and with it what it consists of: there is no request any more.
            return null;
        }
    }

    /// <summary>The current session object; the stock middleware has taken it away when it commits at the request's end.</summary>
    private static object? CurrentSession(HttpContext context) => context.Features.Get<ISessionFeature>()?.Session;

    public void Abandon()
    {
        lock (_lock)
        {
            _abandon = true;
        }
    }

    /// <summary>True once after <see cref="Abandon"/>: what follows in the same request is another session's.</summary>
    public bool TakeAbandon()
    {
        lock (_lock)
        {
            var abandon = _abandon;
            _abandon = false;
            return abandon;
        }
    }

    public SessionSnapshot? Find(object cache, CacheKey key)
    {
        lock (_lock)
        {
            return _snapshots.Find(cache, key);
        }
    }

    /// <summary>
    /// Takes in a completed read. The first one for a session object is the base; a later one for the same object,
    /// or at the commit, when there is none (the stock session reads again at log level Information), only renews
    /// what is known of theirs. Another object means that the middleware runs anew in this request.
    /// </summary>
    public void Observe(object cache, CacheKey key, object? owner, RowView row, bool isLive, HeldTouch? held)
    {
        lock (_lock)
        {
            var known = _snapshots.Find(cache, key);
            if (known is not null && (owner is null || owner == known.Owner))
            {
                _snapshots.Put(cache, key, known with { Theirs = row, Held = held ?? known.Held });
                return;
            }

            // Of what was not found live only the fact is kept: nothing of it will be merged with.
            var session = isLive ? row.Session : null;
            row = row with { Session = session };
            _snapshots.Put(cache, key, new SessionSnapshot { Owner = owner, Base = session, Incarnation = session, BaseVersion = row.Version, Theirs = row, Held = held ?? known?.Held });
            if (session is null)
            {
                RememberMiss(cache, key);
            }
        }
    }

    /// <summary>The key holds something else now: what was loaded is no base for it.</summary>
    public void Forget(object cache, CacheKey key)
    {
        lock (_lock)
        {
            _snapshots.Remove(cache, key);
        }
    }

    public void Renew(object cache, CacheKey key, Func<SessionSnapshot, SessionSnapshot> change)
    {
        lock (_lock)
        {
            if (_snapshots.Find(cache, key) is { } known)
            {
                _snapshots.Put(cache, key, change(known));
            }
        }
    }

    private void RememberMiss(object cache, CacheKey key)
    {
        if (key.LooksLikeSessionKey)
        {
            return;
        }

        _misses ??= new Queue<(object, CacheKey)>();
        _misses.Enqueue((cache, key));
        if (_misses.Count > MaxMisses && _misses.Dequeue() is var oldest
            && _snapshots.Find(oldest.Cache, oldest.Key) is { IsMiss: true })
        {
            _snapshots.Remove(oldest.Cache, oldest.Key);
        }
    }
}
