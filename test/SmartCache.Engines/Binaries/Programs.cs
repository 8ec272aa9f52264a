namespace SmartCache.Engines;

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
