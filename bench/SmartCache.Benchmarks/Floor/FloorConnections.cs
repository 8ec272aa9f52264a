namespace SmartCache.Benchmarks.Floor;

/// <summary>Where the floor's connections come from.</summary>
internal abstract class FloorConnections : IAsyncDisposable
{
    public abstract ValueTask<FloorConnection> TakeAsync(bool writes, CancellationToken cancellationToken);

    public abstract ValueTask GiveBackAsync(FloorConnection connection, bool writes);

    public abstract ValueTask DisposeAsync();
}
