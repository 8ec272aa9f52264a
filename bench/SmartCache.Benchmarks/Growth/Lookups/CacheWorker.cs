using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Benchmarks.Growth.Tables;
using SmartCache.Benchmarks.Measuring;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>Gets values through SmartCache.</summary>
internal sealed class CacheWorker(IDistributedCache cache, GrowthTable table, Random random) : IWorker
{
    public async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        var key = NumberedKeys.Create(random.NextInt64(table.Rows));
        return await cache.GetAsync(key, cancellationToken) is null ? throw new UnsoundException($"{table.Name}: SmartCache found no value for a key that is there.") : 1;
    }

    public ValueTask DisposeAsync() => default;
}
