using SmartCache.Engines.Binaries;

namespace SmartCache.Engines;

/// <summary>A program that a test needs beside a server: one that is on the machine, or is installed.</summary>
public static class ClientProgram
{
    /// <summary>Gives the program's path, after installing it where it is missing and that is allowed.</summary>
    /// <param name="name">The program.</param>
    /// <param name="packages">Debian's packages that have it, separated by blanks.</param>
    /// <param name="cancellationToken">Ends the wait for the installation.</param>
    /// <exception cref="EngineUnavailableException">It is missing and cannot be installed.</exception>
    /// <exception cref="EngineFailedException">Its installation failed.</exception>
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
