using System.Globalization;

namespace SmartCache.Simulation;

/// <summary>What a run by hand may ask for, in environment variables.</summary>
internal static class Numbers
{
    /// <summary>How many schedules are drawn by lot.</summary>
    public static int? Schedules => Number("SMARTCACHE_SIMULATION_SCHEDULES");

    /// <summary>The seed of the first of them.</summary>
    public static int First => Number("SMARTCACHE_SIMULATION_FIRST") ?? 1;

    /// <summary>The one schedule to run.</summary>
    public static int? Seed => Number("SMARTCACHE_SIMULATION_SEED");

    /// <summary>How many interruptions more than usual are tried.</summary>
    public static int Depth => Number("SMARTCACHE_SIMULATION_DEPTH") ?? 0;

    private static int? Number(string variable) =>
        System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : null;
}
