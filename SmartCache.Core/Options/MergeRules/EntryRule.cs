namespace SmartCache.MergeRules;

/// <summary>A rule for one entry that both sides have changed since base.</summary>
internal abstract class EntryRule
{
    /// <summary>Applied twice it would count twice.</summary>
    public bool MustApplyOnce { get; init; }

    /// <summary>Whether the rule decides also where we removed the entry; otherwise it stays removed.</summary>
    public virtual bool DecidesRemoval => false;

    /// <summary>As <see cref="EntryMerge"/>. The arrays are the rule's own.</summary>
    public abstract byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs);
}
