using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks;

/// <summary>
/// The three calls of the stock session middleware, together with what it knows of the request. A cache is not told that;
/// hand-written statements would be.
/// </summary>
internal abstract class Contender : IAsyncDisposable
{
    /// <returns>The session; null if there is none.</returns>
    public abstract Task<byte[]?> LoadAsync(string key, CancellationToken cancellationToken);

    public abstract Task SaveAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken);

    public abstract Task RefreshAsync(string key, bool isLoaded, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A distributed cache under the stock middleware.</summary>
internal sealed class CacheContender(IDistributedCache cache, IAsyncDisposable owner) : Contender
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(20);

    public override Task<byte[]?> LoadAsync(string key, CancellationToken cancellationToken) => cache.GetAsync(key, cancellationToken);

    // With options of its own each time, as the middleware does.
    public override Task SaveAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken) =>
        cache.SetAsync(key, value, new DistributedCacheEntryOptions { SlidingExpiration = IdleTimeout }, cancellationToken);

    public override Task RefreshAsync(string key, bool isLoaded, CancellationToken cancellationToken) => cache.RefreshAsync(key, cancellationToken);

    public override ValueTask DisposeAsync() => owner.DisposeAsync();
}

/// <summary>A contender, and with which settings if not its defaults. One run can measure SmartCache with several.</summary>
/// <param name="Kind">Its name on the command line.</param>
/// <param name="Pool">SmartCache's <c>Maximum Pool Size</c>.</param>
/// <param name="Coalescing">SmartCache's connections for shared statements.</param>
internal sealed record ContenderName(string Kind, int? Pool = null, int? Coalescing = null)
{
    public const string SmartCache = "smartcache";
    public const string Floor = "floor";
    public const string Baseline = "baseline";
    public const string Redis = "redis";
    public const string NeoSmart = "neosmart";

    public static readonly IReadOnlyList<string> Known = [SmartCache, Floor, Baseline, Redis, NeoSmart];

    public override string ToString() => Kind + (Pool is { } pool ? $" pool {pool}" : "") + (Coalescing is { } connections ? $" coalescing {connections}" : "");
}

/// <summary>
/// The least that a request can cost on this engine and driver if it looks at its row: one prepared statement to read, one to
/// write, and nothing else. It merges nothing and keeps no session alive.
/// </summary>
internal sealed class FloorContender(FloorConnections connections, TimeProvider time) : Contender
{
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

    public override async Task SaveAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken)
    {
        var connection = await connections.TakeAsync(writes: true, cancellationToken);
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (await connection.WriteAsync(isNew, CacheKey.From(key), value, now, SessionTable.SlidingMs, cancellationToken) != 1)
                throw new InvalidOperationException("The floor's statement did not write its row.");
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

/// <summary>The three statements that loading and saving sessions takes at least, on a table like SmartCache's own.</summary>
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

/// <summary>An open connection with the floor's three commands, which are created when they are first needed.</summary>
internal sealed class FloorConnection(DbConnection connection, bool prepares) : IAsyncDisposable
{
    private static readonly (string Name, DbType Type)[] Parameters =
    [
        ("@crc", DbType.Int64), ("@key", DbType.Binary), ("@value", DbType.Binary), ("@version", DbType.Int64),
        ("@expires_at", DbType.Int64), ("@now", DbType.Int64), ("@sliding_ms", DbType.Int64),
    ];

    private ReusedCommand? _select;
    private ReusedCommand? _update;
    private ReusedCommand? _insert;

    public async Task<byte[]?> SelectAsync(CacheKey key, CancellationToken cancellationToken)
    {
        _select ??= new ReusedCommand(connection, prepares, FloorStatements.Select, Parameters.AsSpan(0, 2));
        await using var reader = await _select.With((long)key.Crc, key.Bytes).ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;

        var value = reader.GetFieldValue<byte[]>(0);
        _ = reader.GetInt64(1) + reader.GetInt64(2);
        return value;
    }

    public Task<int> WriteAsync(bool isNew, CacheKey key, byte[] value, long now, long slidingMs, CancellationToken cancellationToken)
    {
        var command = isNew
            ? (_insert ??= new ReusedCommand(connection, prepares, FloorStatements.Insert, Parameters))
                .With((long)key.Crc, key.Bytes, value, Random.Shared.NextInt64(), now + slidingMs, now, slidingMs)
            : (_update ??= new ReusedCommand(connection, prepares, FloorStatements.Update, Parameters.AsSpan(0, 6)))
                .With((long)key.Crc, key.Bytes, value, Random.Shared.NextInt64(), now + slidingMs, now);
        return command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in new[] { _select, _update, _insert })
            command?.Dispose();

        await connection.DisposeAsync();
    }
}

/// <summary>A command that is run again and again with other values.</summary>
internal sealed class ReusedCommand : IDisposable
{
    private readonly DbCommand _command;

    public ReusedCommand(DbConnection connection, bool prepares, string text, params ReadOnlySpan<(string Name, DbType Type)> parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = text;
        foreach (var (name, type) in parameters)
        {
            var parameter = _command.CreateParameter();
            (parameter.ParameterName, parameter.DbType) = (name, type);
            _command.Parameters.Add(parameter);
        }

        if (prepares)
            _command.Prepare();
    }

    public DbCommand With(params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i];

        return _command;
    }

    public void Dispose() => _command.Dispose();
}

/// <summary>
/// The floor's connections: from the driver's own pool, which keeps prepared statements; or connections that stay open with
/// their commands, one of which writes, if the engine allows only one writer.
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
            return connection.DisposeAsync();

        if (writes)
            _writing.Release();
        else
            _idle.Add(connection);

        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _writer is null ? _idle : _idle.Append(_writer))
            await connection.DisposeAsync();

        _writing.Dispose();
        await dataSource.DisposeAsync();
    }

    private async ValueTask<FloorConnection> OpenAsync(CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken), prepares);
}
