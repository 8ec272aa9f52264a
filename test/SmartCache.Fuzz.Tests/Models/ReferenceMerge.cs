namespace SmartCache.Fuzz.Models;

/// <summary>The table of merging in docs/internals/algorithm.md, entry by entry.</summary>
internal static class ReferenceMerge
{
    /// <returns>The entries in the order of theirs, new ones after them in the order of mine; values as hexadecimal text.</returns>
    public static List<(string Name, string Value)> Merge(ReferencePayload? from, ReferencePayload mine, ReferencePayload theirs)
    {
        var (b, m, t) = (Values(from), Values(mine), Values(theirs));
        var merged = new List<(string, string)>();
        foreach (var name in theirs.Entries.Select(static entry => entry.Name))
        {
            var value = m.GetValueOrDefault(name) == b.GetValueOrDefault(name) ? t[name] : m.GetValueOrDefault(name);
            if (value is not null)
            {
                merged.Add((name, value));
            }
        }

        merged.AddRange(mine.Entries.Select(static entry => entry.Name).Where(name => !t.ContainsKey(name) && m[name] != b.GetValueOrDefault(name)).Select(name => (name, m[name])));
        return merged;
    }

    public static Dictionary<string, string> Values(ReferencePayload? payload) =>
        payload?.Entries.ToDictionary(static entry => entry.Name, static entry => Convert.ToHexString(entry.Value), StringComparer.Ordinal) ?? [];
}
