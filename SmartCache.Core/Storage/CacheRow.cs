using SmartCache.Expiration;

namespace SmartCache.Storage;

/// <summary>A row as it was read, whatever its expiry: whether it still counts is not the database's to decide.</summary>
internal sealed record CacheRow(byte[] Value, int Format, long Version, Lifetime Lifetime, RecentStamps Recent = default);
