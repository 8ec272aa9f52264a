using SmartCache.Crash.Faults;
using SmartCache.Crash.Runs;

namespace SmartCache.Crash.Clusters;

/// <summary>Runs on clusters: three processes, a calm beginning, and faults to be recovered from.</summary>
internal static class ClusterPlan
{
    private const int Processes = 3;
    private const int Workers = 6;

    public static CrashPlan Of(params Fault[] faults) => new(null, Processes, Workers) { Round = _ => faults };
}
