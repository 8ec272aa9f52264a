using System.Diagnostics.Metrics;

namespace SmartCache.Diagnostics;

/// <summary>What happened to sessions, for OpenTelemetry and <c>dotnet-counters</c>: the meter is called <c>SmartCache</c>.</summary>
internal static class CacheMetrics
{
    private static readonly Meter Meter = new("SmartCache");

    public static readonly Counter<long> Merged = Meter.CreateCounter<long>(
        "smartcache.session.merged", "{save}", "Saves into which another request's entries were merged.");

    public static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "smartcache.session.conflicts", "{entry}", "Entries that two requests had changed; the later save won.");

    public static readonly Counter<long> Discarded = Meter.CreateCounter<long>(
        "smartcache.session.discarded", "{save}", "Saves discarded because their session was removed while the request ran.");

    public static readonly Counter<long> Unmerged = Meter.CreateCounter<long>(
        "smartcache.session.unmerged", "{save}", "Sessions saved in a request that had not loaded them through the cache.");
}
