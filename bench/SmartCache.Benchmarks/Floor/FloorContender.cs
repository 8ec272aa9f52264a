using SmartCache.Benchmarks.Contenders;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Floor;

/// <summary>
/// The least a request can cost on this engine and driver while it still looks at its row: one statement to read, one
/// to write, prepared and by hand, and nothing else. It merges nothing and keeps no session alive.
/// </summary>
internal sealed class FloorContender(FloorConnections connections, TimeProvider time) : Contender
{
    private static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    public override async Task<byte[]?> LoadAsync(string key, CancellationToken cancellationToken)
    {
        var connection = await connections.TakeAsync(writes: false, cancellationToken);
        try
        {
            return await connection.SelectAsync(CacheKey.From(key), cancellationToken);
        }
        finally
        {
            await connections.GiveBackAsync(connection, writes: false);
        }
    }

    public override async Task StoreAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken)
    {
        var connection = await connections.TakeAsync(writes: true, cancellationToken);
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (await connection.WriteAsync(isNew, CacheKey.From(key), value, now, SlidingMs, cancellationToken) != 1)
            {
                throw new InvalidOperationException("The floor's statement did not write its row.");
            }
        }
        finally
        {
            await connections.GiveBackAsync(connection, writes: true);
        }
    }

    public override Task RefreshAsync(string key, bool isLoaded, CancellationToken cancellationToken) =>
        isLoaded ? Task.CompletedTask : LoadAsync(key, cancellationToken);

    public override ValueTask DisposeAsync() => connections.DisposeAsync();
}
