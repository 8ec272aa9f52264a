using System.Security.Cryptography;

namespace SmartCache.Contract.Rows;

/// <summary>The table as another program sees it, over a connection that the cache knows nothing of.</summary>
public sealed class RawTable(TestEngine engine, string name, Func<string, byte[]>? keyBytes = null)
{
    public string Name => name;

    /// <summary>The key of the row that says which node sweeps.</summary>
    public static byte[] SweepTurn => [0xFE, .. "sweep"u8];
    public RawTable UnderHashes => new(engine, name, Hash);

    /// <summary>The key column's bytes for a key that is hashed.</summary>
    public static byte[] Hash(string key) => [0xFF, .. SHA256.HashData(Encoding.UTF8.GetBytes(key))];

    private string Quoted => engine.Quote(name);

    public RawRow? Find(string key)
    {
        var columns = new[] { "value", "format", "version", "expires_at", "sliding_ms", "absolute_at", "created_at", "updated_at" }.Select(engine.Quote);
        return Query($"SELECT {string.Join(", ", columns)} FROM {Quoted} WHERE {engine.Quote("cache_key")} = @key", Read, ("@key", Stored(key))).SingleOrDefault();
    }

    /// <summary>The row of a key, which must be there.</summary>
    public RawRow Row(string key) => Find(key) ?? throw new AssertionException($"The table {name} has no row for the key {key}.");

    /// <summary>The entries of the session in a key's row, as <c>a=1 b=2</c>; null if there is no row.</summary>
    public string? Entries(string key) => Find(key)?.Entries;

    /// <summary>Whose session a key's row is; null if it has no owner.</summary>
    public string? Owner(string key) => Query(
        $"SELECT {engine.Quote("owner")} FROM {Quoted} WHERE {engine.Quote("cache_key")} = @key",
        static row => row.GetValue(0) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : row.GetValue(0) as string,
        ("@key", Stored(key))).Single();

    public int Count() => (int)Ask("SELECT COUNT(*) FROM {0}");

    public int CountWithoutSweepRow() => Keys().Count(static key => !key.AsSpan().SequenceEqual(SweepTurn));

    public void Tamper(string key, string column, object? value) =>
        Update(key, $"{engine.Quote(column)} = @new", value);

    public void GiveKey(string key, byte[] other) =>
        Update(key, $"{engine.Quote("key_crc32")} = {Collisions.Crc(other)}, {engine.Quote("cache_key")} = @new", engine.StoredKey(other));

    public void Remove(string key) => Execute($"DELETE FROM {Quoted} WHERE {engine.Quote("cache_key")} = @key", ("@key", Stored(key)));

    public void Clear() => Run("DELETE FROM {0}");

    public void Drop() => engine.Alter(engine.DropTable(name));

    /// <summary>Runs a statement that changes the table, for which <c>{0}</c> stands.</summary>
    public void Alter(string text) => engine.Alter(string.Format(CultureInfo.InvariantCulture, text, Quoted));

    /// <summary>Runs a statement, in which <c>{0}</c> stands for the table.</summary>
    public int Run(string text) => Execute(string.Format(CultureInfo.InvariantCulture, text, Quoted));

    /// <summary>The number a statement gives, in which <c>{0}</c> stands for the table.</summary>
    public long Ask(string text) => Query(string.Format(CultureInfo.InvariantCulture, text, Quoted), static row => RawSql.Number(row, 0) ?? 0).Single();

    /// <summary>Every key as its row has it.</summary>
    public IReadOnlyList<byte[]> Keys() => Query($"SELECT {engine.Quote("cache_key")} FROM {Quoted}", row => engine.KeyOf(row.GetFieldValue<byte[]>(0)));

    /// <summary>The first column a statement gives, as text; <c>{0}</c> stands for the table.</summary>
    public IReadOnlyList<string> List(string text) =>
        Query(string.Format(CultureInfo.InvariantCulture, text, Quoted), static row => Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!);

    private byte[] Bytes(string key) => keyBytes is null ? engine.KeyBytes(key) : keyBytes(key);

    private byte[] Stored(string key) => engine.StoredKey(Bytes(key));

    private static RawRow Read(DbDataReader row)
    {
        long? Number(int column) => RawSql.Number(row, column);
        long Value(int column) => Number(column)!.Value;
        return new(row.GetFieldValue<byte[]>(0), Value(1), Value(2), Value(3), Number(4), Number(5), Value(6), Value(7));
    }

    /// <summary>Changes a row that must be there. Its whole key finds it, so that MySQL and MariaDB wait for no other row.</summary>
    private void Update(string key, string set, object? value)
    {
        var changed = Execute(
            $"""
            UPDATE {Quoted} SET {set}
            WHERE {engine.Quote("key_crc32")} = {Collisions.Crc(Bytes(key))} AND {engine.Quote("cache_key")} = @key
            """,
            ("@new", value),
            ("@key", Stored(key)));
        Assert.That(changed, Is.EqualTo(1), "there is a row to change");
    }

    private int Execute(string text, params (string Name, object? Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        return connection.Run(text, parameters);
    }

    private List<T> Query<T>(string text, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        return connection.Query(text, read, parameters);
    }
}

/// <summary>A row as another program sees it.</summary>
public sealed record RawRow(
    byte[] Value, long Format, long Version, long ExpiresAt, long? SlidingMs, long? AbsoluteAt, long CreatedAt, long UpdatedAt)
{
    /// <summary>The entries of the session in the row, as <c>a=1 b=2</c>.</summary>
    public string Entries => SessionBytes.Text(Value);
    public Guid SessionId => SessionBytes.Id(Value);
}
