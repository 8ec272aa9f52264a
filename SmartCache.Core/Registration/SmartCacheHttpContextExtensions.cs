using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SmartCache;
using SmartCache.Sessions;

namespace Microsoft.AspNetCore.Http;

/// <summary>What a request can ask for its session. Nothing outlives the request.</summary>
public static class SmartCacheHttpContextExtensions
{
    /// <summary>Nothing that this request changed in its session is saved, unless <see cref="ForceSessionSave"/> is asked for too.</summary>
    /// <param name="context">The request.</param>
    public static void SkipSessionSave(this HttpContext context) => Request(context).SkipSave = true;

    /// <summary>
    /// The session is written before the response starts, or at the request's end, though nothing changed. A new session that the request modified gets a
    /// row even if it is empty again; one that it did not modify gets none. The expiry of an untouched session is written at
    /// once. What other requests stored is merged in as always.
    /// </summary>
    /// <param name="context">The request.</param>
    public static void ForceSessionSave(this HttpContext context) => Request(context).ForceSave = true;

    /// <summary>
    /// This request does not keep its session alive, as befits a polling endpoint. What it changes is still stored,
    /// with the expiry left as it is. Counts whenever it is called before the response starts.
    /// </summary>
    /// <param name="context">The request.</param>
    public static void SkipSessionRefresh(this HttpContext context) => Request(context).SkipRefresh = true;

    /// <summary>
    /// The session's row is deleted before the response starts, or at the request's end, and no other request that still runs can bring
    /// it back: a logout that holds. <c>Session.Clear()</c> alone removes just the entries this request had loaded.
    /// </summary>
    /// <param name="context">The request.</param>
    public static void AbandonSession(this HttpContext context)
    {
        var request = Request(context);
        request.Abandon();

        // The session may not be loaded: nothing else would tell the cache of it before the response. The session uses the cache without a
        // key. If that is another cache in front of this one, only its own type still finds it.
        var services = context.RequestServices;
        var cache = services?.GetService<IDistributedCache>() as SmartDistributedCache ?? services?.GetService<SmartDistributedCache>();
        if (cache is { Options.CommitBeforeResponse: true })
            ResponseCommit.Add(context, request, context.Features.Get<ISessionFeature>()?.Session);
    }

    private static SessionRequest Request(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SessionRequest.For(context);
    }
}
