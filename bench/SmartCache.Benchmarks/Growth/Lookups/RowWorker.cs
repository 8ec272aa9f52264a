using System.Data;
using System.Data.Common;
using SmartCache.Benchmarks.Growth.Tables;
using SmartCache.Benchmarks.Measuring;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>One prepared statement on a connection of its own, each time for another key.</summary>
internal sealed class RowWorker : IWorker
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
        _command.CommandText = RowStatements.Of(operation, table);
        _key = Sql.Add(_command, "@key", DbType.Binary);
        if (table.Layout.HasCrc || operation == Operation.Insert)
        {
            _crc = Sql.Add(_command, "@crc", table.Layout.CrcType);
        }

        if (operation is Operation.Update or Operation.Insert)
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            _version = Sql.Add(_command, "@version", DbType.Int64);
            Sql.Add(_command, "@value", DbType.Binary).Value = value;
            Sql.Add(_command, "@later", DbType.Int64).Value = now + (long)TimeSpan.FromDays(1).TotalMilliseconds;
            Sql.Add(_command, "@now", DbType.Int64).Value = now;
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
}
