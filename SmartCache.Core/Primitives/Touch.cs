namespace SmartCache.Primitives;

/// <summary>
/// A touch of a row that the database does not know yet, or several as one span. A touch is never an expiry: the row's own columns say
/// what it means for the row.
/// </summary>
internal readonly record struct Touch(CacheKey Key, TouchSpan Span)
{
    /// <summary>How often due touches are flushed, in milliseconds.</summary>
    public const long FlushPeriodMs = 1_000;

    /// <summary>The longest time between two writes of a row's touches, in milliseconds.</summary>
    public const long LongestIntervalMs = 60_000;

    /// <summary>
    /// The touches of a request, from its read to its end. If the row may have died in between, only the end counts: the
    /// whole span would revive a dead row.
    /// </summary>
    /// <param name="known">The row's lifetime; null if the request has not read the row.</param>
    public static Touch OfRequest(CacheKey key, long read, long end, Lifetime? known) =>
        new(key, TouchSpan.At(read).With(TouchSpan.At(end), known?.SlidingMs ?? long.MaxValue));

    /// <summary>Whether no code on this node has read the row: it may not exist, or still be in an old table.</summary>
    public bool IsOfUnknownRow { get; init; }
}

/// <summary>The first and the last of some touches, in UTC Unix milliseconds; the default value has none.</summary>
internal readonly record struct TouchSpan(long First, long Last)
{
    public bool IsEmpty => Last == 0;

    public static TouchSpan At(long moment) => new(moment, moment);

    /// <summary>
    /// Both spans as one. If a whole window lies between them, the row died in between: the earlier span is then left out,
    /// because the result would claim that the row was alive throughout.
    /// </summary>
    public TouchSpan With(TouchSpan other, long window)
    {
        if (IsEmpty || other.IsEmpty)
            return IsEmpty ? other : this;

        var (earlier, later) = First <= other.First ? (this, other) : (other, this);
        return later.First - earlier.Last >= window ? later : new TouchSpan(earlier.First, Math.Max(earlier.Last, later.Last));
    }

    /// <summary>The part of the span after a moment.</summary>
    public TouchSpan After(long moment) => Last <= moment ? default : this with { First = Math.Max(First, moment) };
}

/// <summary>The touches of one row that the row's columns may not show yet.</summary>
/// <param name="InFlight">Those that a flush is writing.</param>
/// <param name="Waiting">The newest that wait.</param>
/// <param name="Held">Those of requests that still run.</param>
/// <param name="WaitingBefore">Others that wait; null or empty, but for an outage.</param>
internal readonly record struct UnwrittenTouches(TouchSpan InFlight, TouchSpan Waiting, TouchSpan Held, TouchSpan[]? WaitingBefore);
