namespace SmartCache.MergeRules;

/// <summary>The app's own rule. Nobody knows what it does with the same change twice.</summary>
internal sealed class OwnRule : EntryRule
{
    private readonly EntryMerge _merge;

    public OwnRule(EntryMerge merge) => (_merge, MustApplyOnce) = (merge, true);

    public override bool DecidesRemoval => true;

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs) => _merge(loaded, mine, theirs);
}
