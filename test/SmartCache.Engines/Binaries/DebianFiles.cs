using SmartCache.Engines.Processes;

namespace SmartCache.Engines.Binaries;

/// <summary>
/// The files of one package in a folder of their own, without installing it: for packages that set up and start a
/// service. They are unpacked once and kept in the cache folder.
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
            (await Command.RunAsync(CacheFolder.Locked(System.IO.Path.GetFileName(Path), Script, [Path, package]), cancellationToken)).ThrowIfFailed();
    }
}
