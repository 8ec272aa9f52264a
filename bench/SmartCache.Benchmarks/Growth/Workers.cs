using System.Data;
using System.Data.Common;
using System.Diagnostics;
using SmartCache.Benchmarks.Requests;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks.Growth;

/// <summary>Does one operation after the other.</summary>
/// <param name="WorkAsync">Does the next, and gives how many were done by that; none where nothing is left to do.</param>
/// <param name="Owned">What goes with the worker.</param>
internal sealed record Worker(Func<CancellationToken, Task<int>> WorkAsync, params IAsyncDisposable[] Owned);

/// <summary>Workers side by side.</summary>
internal sealed class Crew(IReadOnlyList<Worker> workers) : IAsyncDisposable
{
    public int Size => workers.Count;

    /// <param name="duration">For how long operations are begun, unless nothing is left to do before.</param>
    /// <param name="cancellationToken">Ends it early.</param>
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
        {
            await owned.DisposeAsync();
        }
    }

    private static async Task<long> WorkAsync(Worker worker, long end, CancellationToken cancellationToken)
    {
        var operations = 0L;
        while (Stopwatch.GetTimestamp() < end && await worker.WorkAsync(cancellationToken) is > 0 and var done)
        {
            operations += done;
        }

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
    private readonly DbCommand _command;
    private readonly DbParameter _key;
    private readonly DbParameter? _crc;
    private readonly DbParameter? _version;

    private RowWorker(DbConnection connection, GrowthTable table, Operation operation, byte[] value, Random random)
    {
        (_connection, _table, _operation, _random) = (connection, table, operation, random);
        _command = connection.CreateCommand();
        _command.CommandText = Statement(operation, table);
        _key = SqlText.Add(_command, "@key", DbType.Binary);
        if (table.Layout.HasCrc || operation == Operation.Insert)
        {
            _crc = SqlText.Add(_command, "@crc", table.Layout.CrcType);
        }

        if (operation is Operation.Update or Operation.Insert)
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            _version = SqlText.Add(_command, "@version", DbType.Int64);
            SqlText.Add(_command, "@value", DbType.Binary).Value = value;
            SqlText.Add(_command, "@later", DbType.Int64).Value = now + (long)TimeSpan.FromDays(1).TotalMilliseconds;
            SqlText.Add(_command, "@now", DbType.Int64).Value = now;
        }
    }

    public static async Task<RowWorker> StartAsync(
        GrowthDatabase database, GrowthTable table, Operation operation, byte[] value, Random random, CancellationToken cancellationToken)
    {
        var worker = new RowWorker(await database.OpenAsync(cancellationToken), table, operation, value, random);
        await worker._command.PrepareAsync(cancellationToken);
        return worker;
    }

    public async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        if (NextNumber() is not { } number)
        {
            return 0;
        }

        var key = CacheKey.From(NumberedKeys.Create(number));
        _key.Value = key.Bytes;
        if (_crc is not null)
        {
            _crc.Value = _table.Layout.CrcOf(key);
        }

        if (_version is not null)
        {
            _version.Value = number;
        }

        var rows = _operation is Operation.Found or Operation.Absent
            ? await SelectAsync(cancellationToken)
            : await _command.ExecuteNonQueryAsync(cancellationToken);
        return rows == (_operation == Operation.Absent ? 0 : 1)
            ? 1
            : throw new UnsoundException($"{_table.Name}: {_operation} affected {rows} rows.");
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private long? NextNumber() => _operation switch
    {
        Operation.Absent => NumberedKeys.Absent + _random.NextInt64(_table.Rows),
        Operation.Insert => _table.NextNew(),
        Operation.Remove => _table.NextToRemove(),
        _ => _random.NextInt64(_table.Rows),
    };

    private async Task<int> SelectAsync(CancellationToken cancellationToken)
    {
        await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return 0;
        }

        _ = reader.GetFieldValue<byte[]>(0);
        return 1;
    }

    // A row's version is its key's number and stays that, so that every guard holds.
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
