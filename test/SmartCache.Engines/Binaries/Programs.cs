namespace SmartCache.Engines.Binaries;

/// <summary>Finds programs on this machine.</summary>
internal static class Programs
{
    /// <summary>Every file of one of these names: first on the PATH, then in the folders given.</summary>
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
