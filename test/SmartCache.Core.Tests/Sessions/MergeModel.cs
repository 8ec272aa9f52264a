using SmartCache.Sessions;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>A session as an ordered list of texts, merged in the most obvious way.</summary>
internal sealed record MergeModel(List<(string Name, string Value)> Entries)
{
    public static MergeModel Of(SessionPayload payload) =>
        new([.. Text(payload).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('=')).Select(parts => (parts[0], parts[1]))]);

    public static MergeModel Merge(MergeModel loaded, MergeModel mine, MergeModel theirs)
    {
        var result = new List<(string Name, string Value)>();
        foreach (var (name, value) in theirs.Entries)
        {
            var (before, now) = (loaded.Value(name), mine.Value(name));
            if (before == now)
            {
                result.Add((name, value));
            }
            else if (now is not null)
            {
                result.Add((name, now));
            }
        }

        result.AddRange(mine.Entries.Where(entry => theirs.Value(entry.Name) is null && loaded.Value(entry.Name) != entry.Value));
        return new MergeModel(result);
    }

    public static List<string> Conflicts(MergeModel loaded, MergeModel mine, MergeModel theirs) =>
        [.. from name in loaded.Entries.Concat(mine.Entries).Concat(theirs.Entries).Select(entry => entry.Name).Distinct()
            let values = (Base: loaded.Value(name), Mine: mine.Value(name), Theirs: theirs.Value(name))
            where values.Mine != values.Base && values.Theirs != values.Base && values.Mine != values.Theirs
            select name];

    public string? Value(string name) => Entries.FirstOrDefault(entry => entry.Name == name).Value;

    public bool HasSameEntries(MergeModel other) => Entries.Order().SequenceEqual(other.Entries.Order());

    public SessionPayload ToPayload(byte id) => Session(id, ToString());

    public override string ToString() => string.Join(' ', Entries.Select(entry => $"{entry.Name}={entry.Value}"));
}
