using System.Data.Common;

namespace SmartCache.Benchmarks.Floor;

/// <summary>The driver's own pool, which keeps prepared statements.</summary>
internal sealed class PooledConnections(DbDataSource dataSource, bool prepares) : FloorConnections
{
    public override async ValueTask<FloorConnection> TakeAsync(bool writes, CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken), prepares);

    public override ValueTask GiveBackAsync(FloorConnection connection, bool writes) => connection.DisposeAsync();

    public override ValueTask DisposeAsync() => dataSource.DisposeAsync();
}
