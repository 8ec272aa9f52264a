using SmartCache.Expiration;

namespace SmartCache.Storage;

/// <summary>A row as it was read, whatever its expiry: whether it still counts is not the database's to decide.</summary>
/// <param name="Value">The stored bytes.</param>
/// <param name="Format">What they are: a <see cref="RowFormat"/>.</param>
/// <param name="Version">The stamp.</param>
/// <param name="Lifetime">What the columns say of its expiry.</param>
/// <param name="Recent">The stamps of its last stores, where a merge rule needs them.</param>
/// <param name="IsUnderPlainKey">Whether it stands under its key though keys are to be hashed: it was stored before that.</param>
internal sealed record CacheRow(
    byte[] Value, int Format, long Version, Lifetime Lifetime, RecentStamps Recent = default, bool IsUnderPlainKey = false)
{
    /// <summary>Whether its value stands there in the clear though values are to be encrypted.</summary>
    public bool IsUnprotected { get; init; }

    /// <summary>Why its value cannot be decrypted; null if it can, or need not.</summary>
    public Exception? Failure { get; init; }
}
