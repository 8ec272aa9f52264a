using SmartCache.Keys;

namespace SmartCache.Storage.Protection;

/// <summary>A merge that decides on values in the clear, over rows that hold them encrypted.</summary>
internal sealed class ProtectedMerge(IMerge merge, CacheKey key, PayloadProtection protection) : IMerge
{
    public MergeStep Decide(CacheRow? row) => protection.Seal(merge.Decide(protection.Open(row, key)), key);

    public void Refused() => merge.Refused();
}
