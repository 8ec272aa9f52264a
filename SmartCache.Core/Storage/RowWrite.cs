using SmartCache.Expiration;

namespace SmartCache.Storage;

/// <summary>What a store writes. <c>Version</c> is its stamp, the same over all retries of one logical store.</summary>
internal readonly record struct RowWrite(byte[] Value, int Format, long Version, Lifetime Lifetime, RecentStamps Recent = default);
