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
    /// <param name="known">The row's lifetime; null if the request has not read the row.</param>
    public static Touch OfRequest(CacheKey key, long read, long end, Lifetime? known) =>
        new(key, AccessSpan.At(read).With(AccessSpan.At(end), known?.SlidingMs ?? long.MaxValue));

    /// <summary>Whether no code on this node has read the row: it may not exist, or still be in an old table.</summary>
    public bool IsOfUnseenRow { get; init; }
}

/// <summary>The first and the last of some accesses, in UTC Unix milliseconds; the default value holds none.</summary>
internal readonly record struct AccessSpan(long First, long Last)
{
    public bool IsEmpty => Last == 0;

    public static AccessSpan At(long access) => new(access, access);

    /// <summary>
    /// Both spans as one. If a whole window lies between them, the row died in between: the earlier span is then left out,
    /// because the result would claim that the row was alive throughout.
    /// </summary>
    public AccessSpan With(AccessSpan other, long window)
    {
        if (IsEmpty || other.IsEmpty)
            return IsEmpty ? other : this;

        var (earlier, later) = First <= other.First ? (this, other) : (other, this);
        return later.First - earlier.Last >= window ? later : new AccessSpan(earlier.First, Math.Max(earlier.Last, later.Last));
    }

    /// <summary>The part of the span after a moment.</summary>
    public AccessSpan After(long moment) => Last <= moment ? default : this with { First = Math.Max(First, moment) };
}
