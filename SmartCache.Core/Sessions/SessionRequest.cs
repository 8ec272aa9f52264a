using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>What one request has loaded, and what the app asked for its session: the scope of a merge.</summary>
internal sealed class SessionRequest
{
    private static readonly Lock Creation = new();

    private readonly Lock _lock = new();
    private bool _abandon;
    private CacheKey? _abandonedEarly;

    public RequestedKeys Keys { get; } = new();

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
            (_abandon, _abandonedEarly) = (true, null);
        }
    }

    /// <summary>
    /// True once after <see cref="Abandon"/>: what follows in the same request is another session's. Only at the end is
    /// it certain which key is the session's. A commit before may be of a value of the app's own: then the end still counts.
    /// </summary>
    public bool TakeAbandon(CacheKey key, bool isEnd)
    {
        lock (_lock)
        {
            if (!_abandon)
            {
                return false;
            }

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
}
