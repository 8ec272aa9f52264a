namespace SmartCache.Engines;

/// <summary>The release of Debian that this machine runs, if any.</summary>
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

/// <summary>Installs packages of the machine's own release of Debian.</summary>
internal static class AptPackages
{
    // Fetches the package lists only if needed: a new machine has none, and old lists name versions that are gone.
    private const string Script =
        """
        export DEBIAN_FRONTEND=noninteractive
        apt() { apt-get -o DPkg::Lock::Timeout=300 "$@"; }
        install() { apt install --yes --no-install-recommends "$@"; }
        install "$@" || { apt update && install "$@"; }
        """;

    /// <summary>The command that installs packages, for messages.</summary>
    public static string CommandLine(IEnumerable<string> packages) => $"apt-get install --yes --no-install-recommends {string.Join(' ', packages)}";

    public static async Task InstallAsync(IEnumerable<string> packages, CancellationToken cancellationToken) =>
        (await ShellCommand.RunAsync(CacheFolder.Locked("apt", Script, packages), cancellationToken)).ThrowIfFailed();
}

/// <summary>
/// The files of one package in their own folder, without installation, because the package would set up and start a service.
/// They are unpacked once and kept in the cache folder.
/// </summary>
internal sealed class DebianFiles(string package)
{
    private const string Script =
        """
        files=$1 package=$2
        [ -d "$files" ] && exit
        rm -rf "$files.unfinished" && mkdir "$files.unfinished" && cd "$files.unfinished" &&
        { apt-get download "$package" || { apt-get update && apt-get download "$package"; } } &&
        dpkg -x "$package"_*.deb . && rm "$package"_*.deb &&
        mv "$files.unfinished" "$files"
        """;

    public string Path { get; } = System.IO.Path.Combine(CacheFolder.Path, $"files-{package}");

    public async Task UnpackAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path))
            (await ShellCommand.RunAsync(CacheFolder.Locked(System.IO.Path.GetFileName(Path), Script, [Path, package]), cancellationToken)).ThrowIfFailed();
    }
}

/// <summary>
/// Packages of one release of Debian. If the machine runs another release, they are in a folder with a small Debian. It is
/// built once and kept in the cache folder; delete it there to get a newer one.
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
        (await ShellCommand.RunAsync(CacheFolder.Locked(Path.GetFileName(Root), Script, arguments), cancellationToken)).ThrowIfFailed();
    }

    /// <summary>The mirror that apt takes this machine's release from, or nothing: debootstrap has a default.</summary>
    private static async Task<IEnumerable<string>> MirrorAsync(CancellationToken cancellationToken)
    {
        var targets = await ShellCommand.RunAsync(
            [
                "apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)",
                "Created-By: Packages", $"Release: {Debian.Codename}",
            ],
            cancellationToken);
        return targets.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(targets.ExitCode == 0 ? 1 : 0);
    }
}
