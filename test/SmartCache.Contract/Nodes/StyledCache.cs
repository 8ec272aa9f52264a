using System.Buffers;

namespace SmartCache.Contract.Nodes;

/// <summary>Calls the cache in the fixture's style. A synchronous call in the other style fails: the test forgot to load the session.</summary>
public sealed class StyledCache(SmartDistributedCache cache, CallStyle style) : IBufferDistributedCache
{
    private bool IsSynchronous => style == CallStyle.Synchronous;

    public byte[]? Get(string key) => Synchronous().Get(key);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Synchronous().Set(key, value, options);

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => Synchronous().Set(key, value, options);

    public void Refresh(string key) => Synchronous().Refresh(key);

    public void Remove(string key) => Synchronous().Remove(key);

    public bool TryGet(string key, IBufferWriter<byte> destination) => Synchronous().TryGet(key, destination);

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
        IsSynchronous ? cache.Get(key) : await cache.GetAsync(key, token);

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        await (IsSynchronous ? Run(() => cache.Set(key, value, options)) : cache.SetAsync(key, value, options, token));

    public async ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        await (IsSynchronous ? Run(() => cache.Set(key, value, options)) : cache.SetAsync(key, value, options, token).AsTask());

    public async Task RefreshAsync(string key, CancellationToken token = default) =>
        await (IsSynchronous ? Run(() => cache.Refresh(key)) : cache.RefreshAsync(key, token));

    public async Task RemoveAsync(string key, CancellationToken token = default) =>
        await (IsSynchronous ? Run(() => cache.Remove(key)) : cache.RemoveAsync(key, token));

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default) =>
        IsSynchronous ? cache.TryGet(key, destination) : await cache.TryGetAsync(key, destination, token);

    public async Task CloseAsync() => await (IsSynchronous ? Run(cache.Dispose) : cache.DisposeAsync().AsTask());

    private static Task Run(Action what)
    {
        what();
        return Task.CompletedTask;
    }

    private SmartDistributedCache Synchronous() =>
        IsSynchronous ? cache : throw new InvalidOperationException("An asynchronous fixture called a synchronous method.");
}

/// <summary>Which half of the cache's interface a fixture calls.</summary>
public enum CallStyle
{
    Synchronous,
    Asynchronous,
}
