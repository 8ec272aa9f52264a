using System.Data;
using System.Data.Common;
using System.Diagnostics;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks;

/// <summary>Does one operation after the other: each call returns how many it did, 0 if nothing is left to do.</summary>
internal sealed record Worker(Func<CancellationToken, Task<int>> WorkAsync, params IAsyncDisposable[] Owned);

/// <summary>Workers side by side.</summary>
internal sealed class Crew(IReadOnlyList<Worker> workers) : IAsyncDisposable
{
    public int Size => workers.Count;

    /// <summary>Begins operations until the time is up, or nothing is left to do.</summary>
    public async Task<(long Operations, TimeSpan Took)> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var done = await Task.WhenAll(workers.Select(worker => Task.Run(() => WorkAsync(worker, end, cancellationToken), cancellationToken)));
        return (done.Sum(), Stopwatch.GetElapsedTime(begun));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in workers.SelectMany(worker => worker.Owned))
            await owned.DisposeAsync();
    }

    private static async Task<long> WorkAsync(Worker worker, long end, CancellationToken cancellationToken)
    {
        var operations = 0L;
        while (Stopwatch.GetTimestamp() < end && await worker.WorkAsync(cancellationToken) is > 0 and var done)
            operations += done;

        return operations;
    }
}

/// <summary>One prepared statement on a connection of its own, each time for another key.</summary>
internal sealed class RowWorker : IAsyncDisposable
{
    private readonly DbConnection _connection;
    private readonly GrowthTable _table;
    private readonly Operation _operation;
    private readonly Random _random;
    private readonly bool _hasCrc;
    private readonly object[] _written;
    private readonly ReusedCommand _command;

    public RowWorker(DbConnection connection, GrowthTable table, Operation operation, byte[] value, Random random)
    {
        (_connection, _table, _operation, _random) = (connection, table, operation, random);
        _hasCrc = table.Layout.HasCrc || operation == Operation.Insert;
        var writes = operation is Operation.Update or Operation.Insert;
        _written = writes ? [value, Clock.Now + (long)TimeSpan.FromDays(1).TotalMilliseconds, Clock.Now] : [];
        (string, DbType)[] crc = [("@crc", table.Layout.CrcType)];
        (string, DbType)[] rest = [("@version", DbType.Int64), ("@value", DbType.Binary), ("@later", DbType.Int64), ("@now", DbType.Int64)];
        _command = new ReusedCommand(
            connection, prepares: true, Statement(operation, table), [.. _hasCrc ? crc : [], ("@key", DbType.Binary), .. writes ? rest : []]);
    }

    public async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        if (NextNumber() is not { } number)
            return 0;

        // A row's version is its key's number and stays that, so that every guard holds.
        var key = CacheKey.From(NumberedKeys.Create(number));
        object[] crc = _hasCrc ? [_table.Layout.CrcOf(key)] : [];
        object[] version = _written is [] ? [] : [number];
        object[] values = [.. crc, key.Bytes, .. version, .. _written];
        var command = _command.With(values);
        var rows = _operation is Operation.Found or Operation.Absent
            ? await SelectAsync(command, cancellationToken)
            : await command.ExecuteNonQueryAsync(cancellationToken);
        return rows == (_operation == Operation.Absent ? 0 : 1)
            ? 1
            : throw new UnsoundException($"{_table.Name}: {_operation} affected {rows} rows.");
    }

    public async ValueTask DisposeAsync()
    {
        _command.Dispose();
        await _connection.DisposeAsync();
    }

    private long? NextNumber() => _operation switch
    {
        Operation.Absent => NumberedKeys.Absent + _random.NextInt64(_table.Rows),
        Operation.Insert => _table.NextNew(),
        Operation.Remove => _table.NextToRemove(),
        _ => _random.NextInt64(_table.Rows),
    };

    private static async Task<int> SelectAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return 0;

        _ = reader.GetFieldValue<byte[]>(0);
        return 1;
    }

    private static string Statement(Operation operation, GrowthTable table) => operation switch
    {
        Operation.Found or Operation.Absent => $"SELECT value, version, expires_at FROM {table.Name} WHERE {table.Layout.ThisRow}",
        Operation.Update =>
            $"""
            UPDATE {table.Name}
            SET value = @value, version = @version, expires_at = @later, updated_at = @now
            WHERE {table.Layout.ThisRow} AND version = @version
            """,
        Operation.Insert =>
            $"""
            INSERT INTO {table.Name} (key_crc32, cache_key, value, format, version, expires_at, created_at, updated_at)
            VALUES (@crc, @key, @value, 0, @version, @later, @now, @now)
            """,
        Operation.Remove => $"DELETE FROM {table.Name} WHERE {table.Layout.ThisRow}",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };
}
