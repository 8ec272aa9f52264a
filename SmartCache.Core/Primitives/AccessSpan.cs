namespace SmartCache.Primitives;

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
        {
            return IsEmpty ? other : this;
        }

        var (earlier, later) = First <= other.First ? (this, other) : (other, this);
        return later.First - earlier.Last >= window ? later : new AccessSpan(earlier.First, Math.Max(earlier.Last, later.Last));
    }

    /// <summary>The part of the span after a moment.</summary>
    public AccessSpan After(long moment) => Last <= moment ? default : this with { First = Math.Max(First, moment) };
}
