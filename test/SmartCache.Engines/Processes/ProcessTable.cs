namespace SmartCache.Engines.Processes;

/// <summary>What the system knows about processes, whoever their parent is.</summary>
internal static class ProcessTable
{
    /// <summary>Whether the process lives; one that has ended but is not waited for yet does not.</summary>
    public static bool IsRunning(int processId) => Read(processId) is { State: not ("Z" or "X") };

    public static bool IsFrozen(int processId) => Read(processId) is not { State: not "T" };

    public static IReadOnlyList<int> ChildrenOf(int processId) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id != 0 && Read(id)?.Parent == processId),
    ];

    private static (string State, int Parent)? Read(int processId)
    {
        try
        {
            // "pid (name) state parent …", where the name may hold blanks and parentheses of its own.
            var status = File.ReadAllText($"/proc/{processId}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
