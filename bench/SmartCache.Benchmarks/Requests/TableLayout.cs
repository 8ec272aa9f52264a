using System.Data;
using System.Text;
using SmartCache.Engines;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks.Requests;

/// <summary>How a contender's table is called and what is in its columns; the value and the expiry are named alike in all.</summary>
internal abstract class TableLayout(string name, string createScript)
{
    public string Name { get; } = name;

    public string CreateScript { get; } = createScript;

    public abstract DbType KeyType { get; }

    /// <summary>Names and types of the columns that seeding fills.</summary>
    public abstract IReadOnlyList<(string Name, DbType Type)> Columns { get; }

    /// <summary>An expression that spreads rows evenly from 0 to 59,999.</summary>
    public abstract string Spread { get; }

    /// <summary>The condition under which a row is found by the table's own index.</summary>
    public virtual string IsThisKey => "cache_key = @key";

    public abstract object Key(string key);

    /// <summary>The values of <see cref="IsThisKey"/>.</summary>
    public virtual (string Name, DbType Type, object Value)[] Find(string key) => [("@key", KeyType, Key(key))];

    /// <summary>The values of a row, in the order of <see cref="Columns"/>.</summary>
    public abstract object[] Row(string key, byte[] value, long now, long slidingMs);
}

/// <summary>SmartCache's table, which the floor has too.</summary>
internal sealed class SmartLayout(string name, string createScript) : TableLayout(name, createScript)
{
    private const int SessionFormat = 1;

    public override DbType KeyType => DbType.Binary;

    public override IReadOnlyList<(string Name, DbType Type)> Columns { get; } =
    [
        ("key_crc32", DbType.Int64), ("cache_key", DbType.Binary), ("value", DbType.Binary), ("format", DbType.Int32), ("version", DbType.Int64),
        ("expires_at", DbType.Int64), ("sliding_ms", DbType.Int64), ("created_at", DbType.Int64), ("updated_at", DbType.Int64),
    ];

    public override string Spread => "key_crc32 % 60000";

    public override string IsThisKey => $"key_crc32 = @crc AND {base.IsThisKey}";

    public override object Key(string key) => Encoding.UTF8.GetBytes(key);

    public override (string Name, DbType Type, object Value)[] Find(string key) => [("@crc", DbType.Int64, Crc(key)), .. base.Find(key)];

    public override object[] Row(string key, byte[] value, long now, long slidingMs) =>
        [Crc(key), Key(key), value, SessionFormat, Random.Shared.NextInt64(), now + slidingMs, slidingMs, now, now];

    private static long Crc(string key) => CacheKey.From(key).Crc;
}

/// <summary>The table of a cache as they are commonly written.</summary>
internal sealed class BaselineLayout(LastWriterWinsSql sql) : TableLayout(LastWriterWinsSql.TableName, sql.CreateTable)
{
    public override DbType KeyType => DbType.String;

    public override IReadOnlyList<(string Name, DbType Type)> Columns { get; } =
        [("cache_key", DbType.String), ("expires_at", DbType.Int64), ("sliding_ms", DbType.Int64), ("value", DbType.Binary)];

    // It writes an expiry whenever it is asked to: where that was before makes no difference.
    public override string Spread => "60000";

    public override object Key(string key) => key;

    public override object[] Row(string key, byte[] value, long now, long slidingMs) => [key, now + slidingMs, slidingMs, value];
}
