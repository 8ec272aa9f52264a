using SmartCache.Keys;

namespace SmartCache.Expiration;

/// <summary>
/// The accesses to a row that the database has not seen yet, first and last, in UTC Unix milliseconds. Never an
/// expiry: what an access means for a row, the row's own columns say.
/// </summary>
internal readonly record struct Touch(CacheKey Key, long First, long Last)
{
    /// <summary>Nobody on this node has read the row: it may not exist, or still be in an old table.</summary>
    public bool IsOfUnseenRow { get; init; }
}
