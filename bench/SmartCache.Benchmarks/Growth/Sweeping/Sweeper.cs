using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>A node of its own that removes expired rows in the background, as an app's does, and soon.</summary>
internal sealed class Sweeper : IAsyncDisposable
{
    private readonly SweepWatch _watch = new();
    private readonly ServiceProvider _services;
    private readonly long _begun = Stopwatch.GetTimestamp();

    public Sweeper(GrowthDatabase database)
    {
        // The shortest interval there is: the first pass begins after half a second to a second, which counts with it.
        _services = database.Engine.BuildSmartCache(options => options.ExpiredRemovalInterval = TimeSpan.FromSeconds(1), _watch);
        _services.GetRequiredService<SmartDistributedCache>();
    }

    public bool IsDone => _watch.FirstPass.IsCompleted;

    public async Task<(long Removed, TimeSpan Took)> PassAsync(CancellationToken cancellationToken)
    {
        var (removed, endedAt) = await _watch.FirstPass.WaitAsync(cancellationToken);
        return (removed, Stopwatch.GetElapsedTime(_begun, endedAt));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
