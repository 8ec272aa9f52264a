using Microsoft.Extensions.Caching.Distributed;

namespace SmartCache.Benchmarks.Contenders;

/// <summary>A distributed cache under the stock middleware.</summary>
/// <param name="cache">The cache.</param>
/// <param name="owner">What to dispose at the end.</param>
internal sealed class CacheContender(IDistributedCache cache, IAsyncDisposable owner) : Contender
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(20);

    public override Task<byte[]?> LoadAsync(string key, CancellationToken cancellationToken) => cache.GetAsync(key, cancellationToken);

    // With options of its own each time, as the middleware does.
    public override Task StoreAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken) =>
        cache.SetAsync(key, value, new DistributedCacheEntryOptions { SlidingExpiration = IdleTimeout }, cancellationToken);

    public override Task RefreshAsync(string key, bool isLoaded, CancellationToken cancellationToken) => cache.RefreshAsync(key, cancellationToken);

    public override ValueTask DisposeAsync() => owner.DisposeAsync();
}
