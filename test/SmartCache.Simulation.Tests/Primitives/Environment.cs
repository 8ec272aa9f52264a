using SmartCache.Simulation;

namespace SmartCache;

/// <summary>In place of the machine's time since its start.</summary>
internal static class Environment
{
    public static long TickCount64 => World.Current.Time.Ticks / TimeSpan.TicksPerMillisecond;
}
