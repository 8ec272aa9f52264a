using Entries = System.Collections.Generic.IReadOnlyCollection<(string Name, string Value)>;

namespace SmartCache.Contract.Schedules;

/// <summary>The rules of merging in as few lines as they can be said, for sessions as ordered lists of names and values.</summary>
internal static class ReferenceMerge
{
    /// <returns>The entries in the order of theirs, new ones after them in the order of mine.</returns>
    public static List<(string Name, string Value)> Merge(Entries loaded, Entries mine, Entries theirs)
    {
        var (b, m, t) = (Values(loaded), Values(mine), Values(theirs));
        var merged = new List<(string, string)>();
        foreach (var (name, value) in theirs)
        {
            if ((m.GetValueOrDefault(name) == b.GetValueOrDefault(name) ? value : m.GetValueOrDefault(name)) is { } kept)
                merged.Add((name, kept));
        }

        merged.AddRange(mine.Where(entry => !t.ContainsKey(entry.Name) && entry.Value != b.GetValueOrDefault(entry.Name)));
        return merged;
    }

    /// <returns>The entries that both sides have changed, and not to the same.</returns>
    public static List<string> Conflicts(Entries loaded, Entries mine, Entries theirs)
    {
        var (b, m, t) = (Values(loaded), Values(mine), Values(theirs));
        return [.. b.Keys.Concat(m.Keys).Concat(t.Keys).Distinct().Where(name =>
            m.GetValueOrDefault(name) != b.GetValueOrDefault(name)
            && t.GetValueOrDefault(name) != b.GetValueOrDefault(name)
            && m.GetValueOrDefault(name) != t.GetValueOrDefault(name))];
    }

    private static Dictionary<string, string> Values(Entries entries) =>
        entries.ToDictionary(static entry => entry.Name, static entry => entry.Value, StringComparer.Ordinal);
}
