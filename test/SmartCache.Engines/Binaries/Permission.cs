namespace SmartCache.Engines.Binaries;

/// <summary>Whether tests may install programs: somebody has to say so.</summary>
internal static class Permission
{
    public const string Variable = "SMARTCACHE_INSTALL";

    public static bool IsGiven =>
        Environment.GetEnvironmentVariable(Variable) == "1"
        || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}
