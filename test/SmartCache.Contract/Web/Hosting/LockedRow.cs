using System.Data.Common;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Rows;
using SmartCache.Contract.Values;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>While it lives another program has changed the row, or all the table where there are no row locks, and has not committed.</summary>
public sealed class LockedRow : IDisposable
{
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;

    public LockedRow(TestEngine engine, RawTable table, string key)
    {
        _connection = engine.OpenConnection();
        _transaction = _connection.BeginTransaction();
        using var command = _connection.CreateCommand();
        command.Transaction = _transaction;

        // By the whole key: MySQL and MariaDB keep every row locked that they looked at.
        command.CommandText =
            $"""
            UPDATE {engine.Quote(table.Name)} SET {engine.Quote("created_at")} = 0
            WHERE {engine.Quote("key_crc32")} = {Collisions.Crc(engine.KeyBytes(key))} AND {engine.Quote("cache_key")} = @key
            """;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@key", engine.KeyBytes(key));
        command.Parameters.Add(parameter);
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1), "there is a row to lock");
    }

    public void Dispose()
    {
        _transaction.Rollback();
        _transaction.Dispose();
        _connection.Dispose();
    }
}
