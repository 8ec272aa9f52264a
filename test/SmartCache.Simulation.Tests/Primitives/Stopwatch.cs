using SmartCache.Simulation;

namespace SmartCache;

/// <summary>In place of the machine's clock: time passes only when the simulation lets it.</summary>
internal static class Stopwatch
{
    public static long GetTimestamp() => World.Current.Time.Ticks;

    public static TimeSpan GetElapsedTime(long startingTimestamp) => TimeSpan.FromTicks(GetTimestamp() - startingTimestamp);
}
