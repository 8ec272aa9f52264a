using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks.Requests;

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

/// <summary>The three statements that a session store cannot do without, on a table like SmartCache's own.</summary>
internal static class FloorStatements
{
    public const string TableName = "bench_floor";

    public const string Select =
        $"""
        SELECT value, version, expires_at
        FROM {TableName}
        WHERE key_crc32 = @crc AND cache_key = @key
        """;

    public const string Update =
        $"""
        UPDATE {TableName}
        SET value = @value, version = @version, expires_at = @expires_at, updated_at = @now
        WHERE key_crc32 = @crc AND cache_key = @key
        """;

    public const string Insert =
        $"""
        INSERT INTO {TableName} (key_crc32, cache_key, value, format, version, expires_at, sliding_ms, created_at, updated_at)
        VALUES (@crc, @key, @value, 1, @version, @expires_at, @sliding_ms, @now, @now)
        """;
}

/// <summary>An open connection with the floor's three commands, made when they are first needed.</summary>
/// <param name="connection">Closed with this.</param>
/// <param name="prepares">Whether to prepare a command when it is made; otherwise the driver prepares by itself.</param>
internal sealed class FloorConnection(DbConnection connection, bool prepares) : IAsyncDisposable
{
    private static readonly (string Name, DbType Type)[] Parameters =
    [
        ("@crc", DbType.Int64), ("@key", DbType.Binary), ("@value", DbType.Binary), ("@version", DbType.Int64),
        ("@expires_at", DbType.Int64), ("@now", DbType.Int64), ("@sliding_ms", DbType.Int64),
    ];

    private DbCommand? _select;
    private DbCommand? _update;
    private DbCommand? _insert;

    public async Task<byte[]?> SelectAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var command = Bind(ref _select, FloorStatements.Select, (long)key.Crc, key.Bytes);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var value = reader.GetFieldValue<byte[]>(0);
        _ = reader.GetInt64(1) + reader.GetInt64(2);
        return value;
    }

    public Task<int> WriteAsync(bool isNew, CacheKey key, byte[] value, long now, long slidingMs, CancellationToken cancellationToken)
    {
        var command = isNew
            ? Bind(ref _insert, FloorStatements.Insert, (long)key.Crc, key.Bytes, value, Random.Shared.NextInt64(), now + slidingMs, now, slidingMs)
            : Bind(ref _update, FloorStatements.Update, (long)key.Crc, key.Bytes, value, Random.Shared.NextInt64(), now + slidingMs, now);
        return command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in new[] { _select, _update, _insert })
        {
            command?.Dispose();
        }

        await connection.DisposeAsync();
    }

    private DbCommand Bind(ref DbCommand? command, string text, params ReadOnlySpan<object> values)
    {
        if (command is null)
        {
            command = connection.CreateCommand();
            command.CommandText = text;
            foreach (var (name, type) in Parameters[..values.Length])
            {
                SqlText.Add(command, name, type);
            }

            if (prepares)
            {
                command.Prepare();
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command;
    }
}

/// <summary>
/// Where the floor's connections come from: the driver's own pool, which keeps prepared statements, or connections that
/// stay open with their commands, of which one writes, where only one may.
/// </summary>
internal sealed class FloorConnections(DbDataSource dataSource, bool prepares, bool holds) : IAsyncDisposable
{
    private readonly ConcurrentBag<FloorConnection> _idle = [];
    private readonly SemaphoreSlim _writing = new(1);
    private FloorConnection? _writer;

    public async ValueTask<FloorConnection> TakeAsync(bool writes, CancellationToken cancellationToken)
    {
        if (writes && holds)
        {
            await _writing.WaitAsync(cancellationToken);
            return _writer ??= await OpenAsync(cancellationToken);
        }

        return _idle.TryTake(out var idle) ? idle : await OpenAsync(cancellationToken);
    }

    public ValueTask GiveBackAsync(FloorConnection connection, bool writes)
    {
        if (!holds)
        {
            return connection.DisposeAsync();
        }

        if (writes)
        {
            _writing.Release();
        }
        else
        {
            _idle.Add(connection);
        }

        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _writer is null ? _idle : _idle.Append(_writer))
        {
            await connection.DisposeAsync();
        }

        _writing.Dispose();
        await dataSource.DisposeAsync();
    }

    private async ValueTask<FloorConnection> OpenAsync(CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken), prepares);
}
