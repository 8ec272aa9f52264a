using System.Text;

namespace SmartCache.Merging;

/// <summary>A set as one text: theirs, without what we removed, with what we added, in this order.</summary>
internal sealed class UnionRule(char separator) : EntryRule
{
    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs)
    {
        var (before, ours) = (Members(loaded), Members(mine));
        var removed = before.Except(ours).ToHashSet();
        var merged = Members(theirs).Where(member => !removed.Contains(member)).Union(ours.Except(before));
        return Encoding.UTF8.GetBytes(string.Join(separator, merged));
    }

    private string[] Members(byte[]? value) => value is null or [] ? [] : Encoding.UTF8.GetString(value).Split(separator);
}
