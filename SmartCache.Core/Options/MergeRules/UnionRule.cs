using System.Text;

namespace SmartCache.MergeRules;

/// <summary>A set as one text: theirs, without what we removed, with what we added, in this order.</summary>
internal sealed class UnionRule(char separator) : EntryRule
{
    // One character for each byte, so that members of whatever encoding come out as they went in.
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly string _separator = Bytes.GetString(Encoding.UTF8.GetBytes([separator]));

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs)
    {
        var (before, ours) = (Members(loaded), Members(mine));
        var removed = before.Except(ours).ToHashSet();
        var merged = Members(theirs).Where(member => !removed.Contains(member)).Union(ours.Except(before));
        return Bytes.GetBytes(string.Join(_separator, merged));
    }

    private string[] Members(byte[]? value) => value is null or [] ? [] : Bytes.GetString(value).Split(_separator);
}
