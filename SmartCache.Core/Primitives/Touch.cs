namespace SmartCache.Primitives;

/// <summary>
/// The accesses to a row that the database does not know yet. A touch is never an expiry: the row's own columns say what an
/// access means for it.
/// </summary>
internal readonly record struct Touch(CacheKey Key, AccessSpan Accesses)
{
    /// <summary>
    /// The accesses of a request, from its read to its end. If the row may have died in between, only the end counts: the
    /// whole span would revive a dead row.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="read">When the request read the row.</param>
    /// <param name="end">When the request ended.</param>
    /// <param name="known">The row's lifetime; null if the request has not read the row.</param>
    public static Touch OfRequest(CacheKey key, long read, long end, Lifetime? known) =>
        new(key, AccessSpan.At(read).With(AccessSpan.At(end), known?.SlidingMs ?? long.MaxValue));

    /// <summary>Whether no code on this node has read the row: it may not exist, or still be in an old table.</summary>
    public bool IsOfUnseenRow { get; init; }
}
