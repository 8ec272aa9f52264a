using System.Data;
using System.Data.Common;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Floor;

/// <summary>An open connection with the floor's three commands, made when they are first needed.</summary>
/// <param name="connection">Closed with this.</param>
/// <param name="prepares">Whether to prepare a command when it is made; otherwise the driver prepares by itself.</param>
internal sealed class FloorConnection(DbConnection connection, bool prepares) : IAsyncDisposable
{
    private DbCommand? _select;
    private DbCommand? _update;
    private DbCommand? _insert;

    public async Task<byte[]?> SelectAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var command = _select ??= Create(FloorStatements.Select);
        Bind(command, key);

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var value = reader.GetFieldValue<byte[]>(0);
        _ = reader.GetInt64(1) + reader.GetInt64(2);
        return value;
    }

    public async Task<int> WriteAsync(bool isNew, CacheKey key, byte[] value, long now, long slidingMs, CancellationToken cancellationToken)
    {
        var command = isNew ? _insert ??= Create(FloorStatements.Insert, isNew: true) : _update ??= Create(FloorStatements.Update, isNew: false);
        Bind(command, key);
        command.Parameters[2].Value = value;
        command.Parameters[3].Value = Random.Shared.NextInt64();
        command.Parameters[4].Value = now + slidingMs;
        command.Parameters[5].Value = now;
        if (isNew)
        {
            command.Parameters[6].Value = slidingMs;
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in new[] { _select, _update, _insert })
        {
            command?.Dispose();
        }

        await connection.DisposeAsync();
    }

    private static void Bind(DbCommand command, CacheKey key)
    {
        command.Parameters[0].Value = (long)key.Crc;
        command.Parameters[1].Value = key.Bytes;
    }

    private DbCommand Create(string text, bool? isNew = null)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        Add("@crc", DbType.Int64);
        Add("@key", DbType.Binary);
        if (isNew is not null)
        {
            Add("@value", DbType.Binary);
            Add("@version", DbType.Int64);
            Add("@expires_at", DbType.Int64);
            Add("@now", DbType.Int64);
            if (isNew.Value)
            {
                Add("@sliding_ms", DbType.Int64);
            }
        }

        if (prepares)
        {
            command.Prepare();
        }

        return command;

        void Add(string name, DbType type)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = type;
            command.Parameters.Add(parameter);
        }
    }
}
