namespace SmartCache.MergeRules;

/// <summary>Whoever stored first has decided, a removal included.</summary>
internal sealed class FirstWriterRule : EntryRule
{
    public override bool DecidesRemoval => true;

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs) => theirs;
}
