using SmartCache.Engines.Binaries;

namespace SmartCache.Engines;

/// <summary>A program that a test needs beside a server: one that is on the machine, or is installed.</summary>
public static class ClientProgram
{
    /// <summary>Gives the program's path, after installing it where it is missing and the caller is root on Debian.</summary>
    /// <param name="name">The program.</param>
    /// <param name="packages">Debian's packages that have it, separated by blanks.</param>
    /// <param name="cancellationToken">Ends the wait for the installation.</param>
    /// <exception cref="EngineUnavailableException">It is missing and cannot be installed.</exception>
    /// <exception cref="EngineFailedException">Its installation failed.</exception>
    public static async Task<string> FindAsync(string name, string packages, CancellationToken cancellationToken = default)
    {
        if (Find(name) is { } found)
            return found;

        if (AptPackages.CanInstall)
            await AptPackages.InstallAsync(packages.Split(' '), cancellationToken);

        return Find(name) ?? throw new EngineUnavailableException(
            $"The program {name} is needed: put it on the PATH, or be root where apt-get is, which then installs {packages}.");
    }

    private static string? Find(string name) => Programs.Find([name], ["/usr/bin", "/usr/local/bin"]).FirstOrDefault();
}
