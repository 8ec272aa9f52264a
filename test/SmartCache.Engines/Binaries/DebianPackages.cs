using SmartCache.Engines.Processes;

namespace SmartCache.Engines.Binaries;

/// <summary>
/// Packages of one release of Debian. Where the machine runs another release, they are in a folder with a small Debian
/// of theirs. It is built once and kept in the cache folder; delete it there to get a newer one.
/// </summary>
internal sealed class DebianPackages(string suite, params string[] packages) : PackageSource
{
    // Only a finished tree gets its name. A killed run may leave something mounted in an unfinished one.
    private const string Script =
        """
        tree=$1 suite=$2 packages=$3
        shift 3
        [ -d "$tree" ] && exit
        rm -rf --one-file-system "$tree.unfinished" &&
        debootstrap --variant=minbase --include="$packages" "$suite" "$tree.unfinished" "$@" &&
        rm -rf "$tree.unfinished/var/cache/apt/archives" &&
        mv "$tree.unfinished" "$tree"
        """;

    public override string? Root { get; } = Debian.Codename == suite ? null : Path.Combine(CacheFolder.Path, $"debian-{suite}-{packages[0]}");

    public override bool CanInstall => Debian.CanInstall;

    public override string Instruction
    {
        get
        {
            var command = Root is null
                ? AptPackages.CommandLine(packages)
                : $"{AptPackages.CommandLine(["debootstrap"])} && debootstrap --variant=minbase --include={string.Join(',', packages)} {suite} {Root}";
            return $"as root on Debian, run `{command}`, or set {Permission.Variable}=1, and this is run for you";
        }
    }

    public override async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (Root is null)
        {
            await AptPackages.InstallAsync(packages, cancellationToken);
            return;
        }

        if (!Programs.Has("debootstrap"))
            await AptPackages.InstallAsync(["debootstrap"], cancellationToken);

        string[] arguments = [Root, suite, string.Join(',', packages), .. await MirrorAsync(cancellationToken)];
        (await Command.RunAsync(CacheFolder.Locked(Path.GetFileName(Root), Script, arguments), cancellationToken)).ThrowIfFailed();
    }

    /// <summary>The mirror that apt takes this machine's release from, or nothing: debootstrap has a default.</summary>
    private static async Task<IEnumerable<string>> MirrorAsync(CancellationToken cancellationToken)
    {
        var targets = await Command.RunAsync(
            [
                "apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)",
                "Created-By: Packages", $"Release: {Debian.Codename}",
            ],
            cancellationToken);
        return targets.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(targets.ExitCode == 0 ? 1 : 0);
    }
}
