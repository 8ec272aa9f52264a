using System.Globalization;
using System.Security.Cryptography;

namespace SmartCache.Engines;

/// <summary>
/// A disk in memory whose size can change at any time, so that it can run full without harm to anything else. It is gone
/// after the end of this process. It needs root.
/// </summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const string Script =
        """
        trap '' PIPE
        mkdir -m 700 -- "$1" && mount -t tmpfs -o "size=$2" smartcache "$1" 2>&1 && echo made || exit
        while read -r _; do :; done
        umount --lazy -- "$1"
        rmdir -- "$1"
        """;

    private const string NeedsRoot =
        "The test of a full disk mounts a disk, which needs root on Linux: run this as root, or leave the test out with SMARTCACHE_FULL_DISK=0.";

    private readonly Guard _guard;

    private SmallDisk(string folder, Guard guard) => (Folder, _guard) = (folder, guard);

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Mounts a disk of a size in bytes.</summary>
    /// <exception cref="EngineFailedException">It cannot be mounted.</exception>
    public static async Task<SmallDisk> OpenAsync(long size)
    {
        ThrowIfImpossible();
        var folder = Path.Combine(Path.GetTempPath(), $"smartcache-disk-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        var guard = Guard.Open(Script, [folder, size.ToString(CultureInfo.InvariantCulture)]);
        var answer = await guard.AnswerAsync();
        if (answer == "made")
            return new SmallDisk(folder, guard);

        await guard.DisposeAsync();
        throw new EngineFailedException($"No disk can be mounted: {answer}");
    }

    /// <summary>Resizes such a disk, or the disk of a server.</summary>
    /// <returns>False if there is more on it than that.</returns>
    public static async Task<bool> TryResizeAsync(string folder, long size, CancellationToken cancellationToken = default)
    {
        string[] resize = ["mount", "-o", string.Create(CultureInfo.InvariantCulture, $"remount,size={size}"), folder];
        return (await ShellCommand.RunAsync(resize, cancellationToken)).ExitCode == 0;
    }

    internal static void ThrowIfImpossible()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            throw new EngineUnavailableException(NeedsRoot);
    }

    public ValueTask DisposeAsync() => _guard.DisposeAsync();
}
