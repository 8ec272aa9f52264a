namespace SmartCache.Engines.Binaries;

/// <summary>Where things that took long to get are kept from one run to the next.</summary>
internal static class CacheFolder
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("SMARTCACHE_CACHE") is { Length: > 0 } own
            ? System.IO.Path.GetFullPath(own)
            : System.IO.Path.Combine(UserCache(), "smartcache");

    /// <summary>
    /// The command line that runs a shell script while nobody else runs one under the same lock. The script's
    /// children hold the lock too: what outlives a killed run keeps the next one waiting.
    /// </summary>
    public static IEnumerable<string> Locked(string name, string script, params IEnumerable<string> arguments)
    {
        Directory.CreateDirectory(Path);
        return ["flock", System.IO.Path.Combine(Path, $"{name}.lock"), "sh", "-c", script, name, .. arguments];
    }

    // The servers that root starts run as another user, who cannot look into root's home.
    private static string UserCache() =>
        Environment.IsPrivilegedProcess ? "/var/cache"
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && System.IO.Path.IsPathRooted(cache) ? cache
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
