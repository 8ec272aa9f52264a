using SmartCache.Engines.Processes;

namespace SmartCache.Engines.Binaries;

/// <summary>
/// A folder with a small Debian of another release and one package in it, for programs that the machine's own
/// release does not have. It is built once and kept in the cache folder; delete it there to get a newer one.
/// </summary>
internal sealed class DebianTree(string suite, string package)
{
    // Only a finished tree gets its name. A killed run may leave something mounted in an unfinished one.
    private const string Script =
        """
        tree=$1 suite=$2 package=$3
        shift 3
        [ -d "$tree" ] && exit
        rm -rf --one-file-system "$tree.unfinished" &&
        debootstrap --variant=minbase --include="$package" "$suite" "$tree.unfinished" "$@" &&
        rm -rf "$tree.unfinished/var/cache/apt/archives" &&
        mv "$tree.unfinished" "$tree"
        """;

    public static bool CanBuild => AptPackages.CanInstall && Release("ID") == "debian";

    public string Path { get; } = System.IO.Path.Combine(CacheFolder.Path, $"debian-{suite}-{package}");

    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path))
            return;

        if (!Programs.Has("debootstrap"))
            await AptPackages.InstallAsync(["debootstrap"], cancellationToken);

        var build = CacheFolder.Locked(System.IO.Path.GetFileName(Path), Script, [Path, suite, package, .. await MirrorAsync(cancellationToken)]);
        (await Command.RunAsync(build, cancellationToken)).ThrowIfFailed();
    }

    /// <summary>The mirror that apt takes this machine's release from, or nothing: debootstrap has a default.</summary>
    private static async Task<IEnumerable<string>> MirrorAsync(CancellationToken cancellationToken)
    {
        var targets = await Command.RunAsync(
            [
                "apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)",
                "Created-By: Packages", $"Release: {Release("VERSION_CODENAME")}",
            ],
            cancellationToken);
        return targets.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(targets.ExitCode == 0 ? 1 : 0);
    }

    private static string? Release(string name)
    {
        const string File = "/etc/os-release";
        return System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File)
                .Where(line => line.StartsWith($"{name}=", StringComparison.Ordinal))
                .Select(line => line[(name.Length + 1)..].Trim('"'))
                .FirstOrDefault()
            : null;
    }
}
