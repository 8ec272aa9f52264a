using System.Collections.Concurrent;
using System.Data.Common;

namespace SmartCache.Benchmarks.Floor;

/// <summary>Connections that stay open with their prepared commands; where only one may write, one that does.</summary>
internal sealed class HeldConnections(DbDataSource dataSource, bool hasOneWriter) : FloorConnections
{
    private readonly ConcurrentBag<FloorConnection> _idle = [];
    private readonly SemaphoreSlim _writing = new(1);
    private FloorConnection? _writer;

    public override async ValueTask<FloorConnection> TakeAsync(bool writes, CancellationToken cancellationToken)
    {
        if (writes && hasOneWriter)
        {
            await _writing.WaitAsync(cancellationToken);
            return _writer ??= await OpenAsync(cancellationToken);
        }

        return _idle.TryTake(out var idle) ? idle : await OpenAsync(cancellationToken);
    }

    public override ValueTask GiveBackAsync(FloorConnection connection, bool writes)
    {
        if (writes && hasOneWriter)
        {
            _writing.Release();
        }
        else
        {
            _idle.Add(connection);
        }

        return default;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var connection in _idle)
        {
            await connection.DisposeAsync();
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _writing.Dispose();
        await dataSource.DisposeAsync();
    }

    private async ValueTask<FloorConnection> OpenAsync(CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken), prepares: true);
}
