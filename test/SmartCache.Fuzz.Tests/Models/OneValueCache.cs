using Microsoft.Extensions.Caching.Distributed;

namespace SmartCache.Fuzz.Models;

/// <summary>Holds one value, whatever the key.</summary>
internal sealed class OneValueCache : IDistributedCache
{
    public byte[]? Value { get; set; }

    public byte[]? Get(string key) => Value;

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Value);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Value = value;

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Value = value;
        return Task.CompletedTask;
    }

    public void Refresh(string key)
    {
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public void Remove(string key) => Value = null;

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        Value = null;
        return Task.CompletedTask;
    }
}
