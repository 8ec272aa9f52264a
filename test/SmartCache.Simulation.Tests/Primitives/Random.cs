using SmartCache.Simulation;

namespace SmartCache;

/// <summary>Replaces the system's random numbers by those of a schedule's seed.</summary>
internal static class Random
{
    public static System.Random Shared => World.Current.Random;
}
