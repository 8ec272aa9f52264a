using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;

namespace RaceLab.Contenders;

/// <summary>
/// A database cache as they are commonly written: a read moves the expiry and selects, a store overwrites whatever is
/// there, a refresh moves the expiry. Not to be copied: this is the side that loses.
/// </summary>
internal sealed class LastWriterWinsCache(DbDataSource dataSource, LastWriterWinsSql sql, TimeProvider time) : IDistributedCache
{
    public byte[]? Get(string key)
    {
        using var connection = dataSource.OpenConnection();
        using var command = Command(connection, sql.Read, key);
        return (byte[]?)command.ExecuteScalar();
    }

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var command = Command(connection, sql.Read, key);
        return (byte[]?)await command.ExecuteScalarAsync(token);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        using var connection = dataSource.OpenConnection();
        using var command = UpsertCommand(connection, key, value, options);
        command.ExecuteNonQuery();
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var command = UpsertCommand(connection, key, value, options);
        await command.ExecuteNonQueryAsync(token);
    }

    public void Refresh(string key) => Execute(sql.Refresh, key);

    public Task RefreshAsync(string key, CancellationToken token = default) => ExecuteAsync(sql.Refresh, key, token);

    public void Remove(string key) => Execute(sql.Remove, key);

    public Task RemoveAsync(string key, CancellationToken token = default) => ExecuteAsync(sql.Remove, key, token);

    private void Execute(string text, string key)
    {
        using var connection = dataSource.OpenConnection();
        using var command = Command(connection, text, key);
        command.ExecuteNonQuery();
    }

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
