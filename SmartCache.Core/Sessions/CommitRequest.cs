using SmartCache.Expiration;
using SmartCache.Keys;

namespace SmartCache.Sessions;

/// <summary>What a store of a session is asked to do.</summary>
/// <param name="Key">The cache key.</param>
/// <param name="Mine">The payload to store.</param>
/// <param name="Lifetime">The lifetime to give the row.</param>
/// <param name="Snapshot">What the request knows of the session.</param>
/// <param name="Force">Write even if nothing changed.</param>
/// <param name="KeepExpiry">Leave a row's expiry as it is.</param>
/// <param name="SkipEmpty">Write nothing if there is no session and <paramref name="Mine"/> has no entries.</param>
/// <param name="Now">The moment of the store, in UTC Unix milliseconds.</param>
internal sealed record CommitRequest(
    CacheKey Key, SessionPayload Mine, Lifetime Lifetime, SessionSnapshot Snapshot, bool Force, bool KeepExpiry, bool SkipEmpty, long Now);
