namespace SmartCache.Engines.Binaries;

/// <summary>The release of Debian that this machine runs, if it does.</summary>
internal static class Debian
{
    private const string File = "/etc/os-release";

    private static readonly Lazy<Dictionary<string, string>> Release = new(Read);

    public static bool IsThis => Release.Value.GetValueOrDefault("ID") == "debian";

    public static string? Codename => IsThis ? Release.Value.GetValueOrDefault("VERSION_CODENAME") : null;

    /// <summary>Whether packages may be installed here.</summary>
    public static bool CanInstall => Permission.IsGiven && Environment.IsPrivilegedProcess && IsThis;

    private static Dictionary<string, string> Read() => System.IO.File.Exists(File)
        ? System.IO.File.ReadLines(File)
            .Select(line => line.Split('=', 2))
            .Where(fields => fields.Length == 2)
            .ToDictionary(fields => fields[0], fields => fields[1].Trim('"'))
        : [];
}
