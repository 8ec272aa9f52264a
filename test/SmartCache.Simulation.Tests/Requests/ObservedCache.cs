using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Requests;

/// <summary>The cache as the session sees it; notes what is found, and who stores what.</summary>
internal sealed class ObservedCache(IDistributedCache cache) : IDistributedCache
{
    /// <summary>Whether the last read found anything.</summary>
    public bool HasFound { get; private set; }

    public byte[]? Get(string key) => Found(cache.Get(key));

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Found(await cache.GetAsync(key, token));

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Actor.Current.Stores = value;
        return cache.SetAsync(key, value, options, token);
    }

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => cache.RefreshAsync(key, token);

    public void Remove(string key) => throw new NotSupportedException();

    public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    private byte[]? Found(byte[]? value)
    {
        HasFound = value is not null;
        return value;
    }
}
