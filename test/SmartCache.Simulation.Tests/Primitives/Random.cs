using SmartCache.Simulation;

namespace SmartCache;

/// <summary>In place of chance: the numbers that a schedule's seed gives.</summary>
internal static class Random
{
    public static System.Random Shared => World.Current.Random;
}
