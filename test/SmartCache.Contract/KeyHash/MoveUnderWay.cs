using System.Data.Common;
using System.Text;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Rows;
using SmartCache.Contract.Values;

namespace SmartCache.Contract.KeyHash;

/// <summary>Another node has locked a row that stands under its key, and is about to give it its hash.</summary>
public sealed class MoveUnderWay : IDisposable
{
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly TestEngine _engine;
    private readonly RawTable _table;
    private readonly byte[] _plain;

    public MoveUnderWay(TestEngine engine, RawTable table, string key)
    {
        (_engine, _table, _plain) = (engine, table, Encoding.UTF8.GetBytes(key));
        _connection = engine.OpenConnection();
        _transaction = _connection.BeginTransaction();
        Update($"{engine.Quote("version")} = 4711");
    }

    /// <summary>Lets something begin that has to wait for the lock, where there are locks, and then gives the row its hash.</summary>
    public async Task MeetAsync(Func<Task> what)
    {
        var meeting = Task.Run(what);

        // It waits by then; were it late, nothing would be proved, and nothing fail.
        Assert.That(() => meeting.IsFaulted, Is.False.After(100).MilliSeconds);
        var hash = RawTable.Hash(Encoding.UTF8.GetString(_plain));
        Update($"{_engine.Quote("key_crc32")} = {Collisions.Crc(hash)}, {_engine.Quote("cache_key")} = @hash", ("@hash", hash));
        await _transaction.CommitAsync();
        await meeting;
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void Update(string set, params (string Name, byte[] Value)[] values)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = _transaction;

        // By its index, as the cache does: InnoDB locks in the order of the way there.
        command.CommandText =
            $"""
            UPDATE {_engine.Quote(_table.Name)} SET {set}
            WHERE {_engine.Quote("key_crc32")} = {Collisions.Crc(_plain)} AND {_engine.Quote("cache_key")} = @plain
            """;
        foreach (var (name, value) in values.Append(("@plain", _plain)))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1), "there is a row to move");
    }
}
