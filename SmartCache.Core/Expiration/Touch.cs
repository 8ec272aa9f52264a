using SmartCache.Keys;

namespace SmartCache.Expiration;

/// <summary>
/// The accesses to a row that the database has not seen yet, first and last, in UTC Unix milliseconds. Never an
/// expiry: what an access means for a row, the row's own columns say.
/// </summary>
internal readonly record struct Touch(CacheKey Key, long First, long Last)
{
    /// <summary>
    /// What a request's end stands for, together with its read: a single span, unless the row may have died in between.
    /// Then the read means nothing for the end, and would bring a dead row back.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="read">When the request read the row.</param>
    /// <param name="end">When it came to its end.</param>
    /// <param name="known">The row's lifetime; null if the request has not read it.</param>
    public static Touch OfRequest(CacheKey key, long read, long end, Lifetime? known)
    {
        var (first, last) = AccessSpan.At(read).With(AccessSpan.At(end), known?.SlidingMs ?? long.MaxValue);
        return new Touch(key, first, last);
    }

    /// <summary>Nobody on this node has read the row: it may not exist, or still be in an old table.</summary>
    public bool IsOfUnseenRow { get; init; }
}
