using SmartCache.Engines.Processes;

namespace SmartCache.Engines.Binaries;

/// <summary>Installs packages of the machine's own release of Debian.</summary>
internal static class AptPackages
{
    // A new machine has no package lists, and old lists name versions that are gone: only then they are fetched.
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
        (await Command.RunAsync(CacheFolder.Locked("apt", Script, packages), cancellationToken)).ThrowIfFailed();
}
