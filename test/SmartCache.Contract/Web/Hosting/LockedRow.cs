namespace SmartCache.Contract.Web.Hosting;

/// <summary>While it lives, another program has changed the row and not committed. Without row locks that locks the whole table.</summary>
public sealed class LockedRow : IDisposable
{
    private readonly TestEngine _engine;
    private readonly RawTable _table;
    private readonly byte[] _key;
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;

    public LockedRow(TestEngine engine, RawTable table, string key)
        : this(engine, table, engine.KeyBytes(key))
    {
    }

    public LockedRow(TestEngine engine, RawTable table, byte[] key)
    {
        (_engine, _table, _key) = (engine, table, key);
        _connection = engine.OpenConnection();
        _transaction = _connection.BeginTransaction();
        Update($"{engine.Quote("created_at")} = 0");
    }

    /// <summary>Gives the row another key, with a new version as every write has one, and commits.</summary>
    public void MoveTo(byte[] key)
    {
        Update($"{_engine.Quote("version")} = 4711, {_engine.Quote("key_crc32")} = {Collisions.Crc(key)}, {_engine.Quote("cache_key")} = @new", ("@new", _engine.StoredKey(key)));
        _transaction.Commit();
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void Update(string set, params (string Name, object? Value)[] values)
    {
        // By the whole key, and by its index as the cache does: MySQL and MariaDB keep every row locked that they looked at.
        var changed = _transaction.Run(
            $"""
            UPDATE {_engine.Quote(_table.Name)} SET {set}
            WHERE {_engine.Quote("key_crc32")} = {Collisions.Crc(_key)} AND {_engine.Quote("cache_key")} = @key
            """,
            [.. values, ("@key", _engine.StoredKey(_key))]);
        Assert.That(changed, Is.EqualTo(1), "there is a row to lock");
    }
}

/// <summary>While it lives, every statement on the table fails, on any engine.</summary>
public sealed class MissingTable : IDisposable
{
    private readonly RawTable _table;
    private readonly TestEngine _engine;

    public MissingTable(TestEngine engine, RawTable table)
    {
        (_engine, _table) = (engine, table);
        _engine.Alter(_engine.Hide(_table.Name));
    }

    public void Dispose() => _engine.Alter(_engine.Show(_table.Name));
}
