using System.Security.Cryptography;

namespace SmartCache.Contract.Rows;

/// <summary>The table as another program sees it, over a connection that the cache knows nothing of.</summary>
/// <param name="engine">The engine.</param>
/// <param name="name">The table's name.</param>
/// <param name="keyBytes">What a key's row stands under; null for what it does on this engine.</param>
public sealed class RawTable(TestEngine engine, string name, Func<string, byte[]>? keyBytes = null)
{
    public string Name => name;

    /// <summary>What the row that says whose turn it is to remove expired rows stands under.</summary>
    public static byte[] SweepTurn => [0xFE, .. "sweep"u8];

    /// <summary>The same table, with rows found under the hashes of their keys.</summary>
    public RawTable UnderHashes => new(engine, name, Hash);

    /// <summary>What stands in a row for a key that is hashed.</summary>
    public static byte[] Hash(string key) => [0xFF, .. SHA256.HashData(Encoding.UTF8.GetBytes(key))];

    private string Quoted => engine.Quote(name);

    /// <summary>The row of a key; null if there is none.</summary>
    public RawRow? Find(string key)
    {
        var columns = new[] { "value", "format", "version", "expires_at", "sliding_ms", "absolute_at", "created_at", "updated_at" }.Select(engine.Quote);
        return Query($"SELECT {string.Join(", ", columns)} FROM {Quoted} WHERE {engine.Quote("cache_key")} = @key", Read, ("@key", Bytes(key))).SingleOrDefault();
    }

    /// <summary>The row of a key, which must be there.</summary>
    public RawRow Row(string key) => Find(key) ?? throw new AssertionException($"The table {name} has no row for the key {key}.");

    /// <summary>The entries of the session in a key's row, as <c>a=1 b=2</c>; null if there is no row.</summary>
    public string? Entries(string key) => Find(key)?.Entries;

    public int Count() => (int)Scalar($"SELECT COUNT(*) FROM {Quoted}");

    /// <summary>How many rows there are, but for the one that says whose turn it is to remove expired ones.</summary>
    public int CountBesidesTurn() =>
        (int)Query($"SELECT COUNT(*) FROM {Quoted} WHERE {engine.Quote("cache_key")} <> @key", static row => Number(row, 0)!.Value, ("@key", SweepTurn)).Single();

    /// <summary>Sets a column of a key's row to something of one's own.</summary>
    public void Tamper(string key, string column, object? value)
    {
        var changed = Execute(
            $"UPDATE {Quoted} SET {engine.Quote(column)} = @new WHERE {engine.Quote("cache_key")} = @key", ("@new", value), ("@key", Bytes(key)));
        Assert.That(changed, Is.EqualTo(1), "there is a row to tamper with");
    }

    /// <summary>Gives a row another key. It is found by the whole of its own, so that on MySQL and MariaDB no other row is waited for.</summary>
    public void GiveKey(string key, byte[] other)
    {
        var changed = Execute(
            $"""
            UPDATE {Quoted} SET {engine.Quote("key_crc32")} = {Collisions.Crc(other)}, {engine.Quote("cache_key")} = @new
            WHERE {engine.Quote("key_crc32")} = {Collisions.Crc(Bytes(key))} AND {engine.Quote("cache_key")} = @key
            """,
            ("@new", other),
            ("@key", Bytes(key)));
        Assert.That(changed, Is.EqualTo(1), "there is a row to give another key");
    }

    public void Remove(string key) => Execute($"DELETE FROM {Quoted} WHERE {engine.Quote("cache_key")} = @key", ("@key", Bytes(key)));

    public void Clear() => Execute($"DELETE FROM {Quoted}");

    public void Drop() => Execute($"DROP TABLE IF EXISTS {Quoted}");

    /// <summary>Runs a statement, in which <c>{0}</c> stands for the table.</summary>
    public int Run(string text) => Execute(string.Format(CultureInfo.InvariantCulture, text, Quoted));

    /// <summary>The number a statement gives, in which <c>{0}</c> stands for the table.</summary>
    public long Ask(string text) => Scalar(string.Format(CultureInfo.InvariantCulture, text, Quoted));

    /// <summary>Every key as its row has it.</summary>
    public IReadOnlyList<byte[]> Keys() => Query($"SELECT {engine.Quote("cache_key")} FROM {Quoted}", static row => row.GetFieldValue<byte[]>(0));

    /// <summary>The first column a statement gives, as text; <c>{0}</c> stands for the table.</summary>
    public IReadOnlyList<string> List(string text) =>
        Query(string.Format(CultureInfo.InvariantCulture, text, Quoted), row => Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!);

    private byte[] Bytes(string key) => keyBytes is null ? engine.KeyBytes(key) : keyBytes(key);

    private static RawRow Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        Number(row, 1)!.Value,
        Number(row, 2)!.Value,
        Number(row, 3)!.Value,
        Number(row, 4),
        Number(row, 5),
        Number(row, 6)!.Value,
        Number(row, 7)!.Value);

    private static long? Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    private long Scalar(string text) => Query(text, row => Number(row, 0) ?? 0).Single();

    private int Execute(string text, params (string Name, object? Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        using var command = Command(connection, text, parameters);
        return command.ExecuteNonQuery();
    }

    private List<T> Query<T>(string text, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        using var command = Command(connection, text, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static DbCommand Command(DbConnection connection, string text, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

/// <summary>A row as another program sees it.</summary>
public sealed record RawRow(
    byte[] Value, long Format, long Version, long ExpiresAt, long? SlidingMs, long? AbsoluteAt, long CreatedAt, long UpdatedAt)
{
    /// <summary>The entries of the session in the row, as <c>a=1 b=2</c>.</summary>
    public string Entries => SessionBytes.Text(Value);

    /// <summary>The id of the session in the row.</summary>
    public Guid SessionId => SessionBytes.Id(Value);
}
