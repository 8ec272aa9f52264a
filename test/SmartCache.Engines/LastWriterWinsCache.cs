using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;

namespace SmartCache.Engines;

/// <summary>
/// A database cache as they are commonly written: a read moves the expiry and selects, a save overwrites what is there, a
/// refresh moves the expiry. Do not copy it: this is the side that loses.
/// </summary>
public sealed class LastWriterWinsCache(DbDataSource dataSource, LastWriterWinsSql sql, TimeProvider time) : IDistributedCache
{
    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var command = Command(connection, sql.Read, key);
        return (byte[]?)await command.ExecuteScalarAsync(token);
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var command = UpsertCommand(connection, key, value, options);
        await command.ExecuteNonQueryAsync(token);
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => ExecuteAsync(sql.Refresh, key, token);

    public Task RemoveAsync(string key, CancellationToken token = default) => ExecuteAsync(sql.Remove, key, token);

    // Only apps that load their sessions asynchronously are raced and measured.
    byte[]? IDistributedCache.Get(string key) => throw new NotSupportedException();

    void IDistributedCache.Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    void IDistributedCache.Refresh(string key) => throw new NotSupportedException();

    void IDistributedCache.Remove(string key) => throw new NotSupportedException();

    private async Task ExecuteAsync(string text, string key, CancellationToken token)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var command = Command(connection, text, key);
        await command.ExecuteNonQueryAsync(token);
    }

    private DbCommand Command(DbConnection connection, string text, string key)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        Add(command, "@key", DbType.String, key);
        Add(command, "@now", DbType.Int64, time.GetUtcNow().ToUnixTimeMilliseconds());
        return command;
    }

    private DbCommand UpsertCommand(DbConnection connection, string key, byte[] value, DistributedCacheEntryOptions options)
    {
        var now = time.GetUtcNow();
        var absolute = options.AbsoluteExpirationRelativeToNow is { } relative ? now + relative : options.AbsoluteExpiration;
        var sliding = options.SlidingExpiration ?? (absolute is null ? TimeSpan.FromMinutes(20) : null);
        var expires = now + sliding is { } slid && (absolute is null || slid < absolute) ? slid : absolute;

        var command = connection.CreateCommand();
        command.CommandText = sql.Upsert;
        Add(command, "@key", DbType.String, key);
        Add(command, "@expires_at", DbType.Int64, expires?.ToUnixTimeMilliseconds());
        Add(command, "@sliding_ms", DbType.Int64, (long?)sliding?.TotalMilliseconds);
        Add(command, "@absolute_at", DbType.Int64, absolute?.ToUnixTimeMilliseconds());
        Add(command, "@value", DbType.Binary, value);
        return command;
    }

    private static void Add(DbCommand command, string name, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}

/// <summary>The statements of <see cref="LastWriterWinsCache"/>.</summary>
public sealed record LastWriterWinsSql(string KeyType, string ValueType)
{
    /// <summary>A name that no other program uses for a table.</summary>
    public const string TableName = "racelab_last_writer_wins";

    private const string MoveExpiry =
        $"""
        UPDATE {TableName}
        SET expires_at = CASE
          WHEN absolute_at IS NULL OR absolute_at > @now + sliding_ms THEN @now + sliding_ms
          ELSE absolute_at
        END
        WHERE cache_key = @key
          AND expires_at > @now
          AND sliding_ms IS NOT NULL
        """;

    public string CreateTable { get; } =
        $"""
        CREATE TABLE {TableName} (
          cache_key {KeyType} NOT NULL PRIMARY KEY,
          expires_at BIGINT NOT NULL,
          sliding_ms BIGINT NULL,
          absolute_at BIGINT NULL,
          value {ValueType} NOT NULL
        )
        """;

    public string Read { get; } =
        $"""
        {MoveExpiry};
        SELECT value
        FROM {TableName}
        WHERE cache_key = @key
          AND expires_at > @now
        """;

    public string Refresh { get; } = MoveExpiry;

    /// <summary>To be set for engines with another syntax.</summary>
    public string Upsert { get; init; } =
        $"""
        INSERT INTO {TableName} (cache_key, expires_at, sliding_ms, absolute_at, value)
        VALUES (@key, @expires_at, @sliding_ms, @absolute_at, @value)
        ON CONFLICT (cache_key) DO UPDATE
        SET expires_at = excluded.expires_at,
          sliding_ms = excluded.sliding_ms,
          absolute_at = excluded.absolute_at,
          value = excluded.value
        """;

    public string Remove { get; } =
        $"""
        DELETE FROM {TableName}
        WHERE cache_key = @key
        """;
}
