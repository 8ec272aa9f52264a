using System.Data;
using System.Text;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Tables;

/// <summary>SmartCache's table, which the floor has too.</summary>
internal sealed class SmartLayout(SmartCacheOptions options) : TableLayout(options.TableName, options.CreateTableScript())
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
