using System.Data;
using System.Text;

namespace SmartCache.Sql;

/// <summary>A value that statements take, by the name it has in their text.</summary>
internal enum SqlValue
{
    Crc,
    Key,
    PlainCrc,
    PlainKey,
    LegacyKey,
    Value,
    Format,
    Version,
    OldVersion,
    RecentVersions,
    ExpiresAt,
    SlidingMs,
    AbsoluteAt,
    Now,
    First,
    Last,
    Touches,
    FromCrc,
    ToCrc,
    Limit,
}

/// <summary>The values for one execution of a statement, which picks those it names.</summary>
internal struct SqlValues
{
    public CacheKey Key;
    public byte[]? Value;
    public int Format;
    public long Version;
    public long OldVersion;
    public RecentVersions Recent;
    public Lifetime Lifetime;
    public AccessSpan Accesses;
    public string? Touches;
    public long Now;
    public long FromCrc;
    public long ToCrc;
    public long Limit;

    public readonly object? this[SqlValue value] => value switch
    {
        SqlValue.Crc => (long)Key.Crc,
        SqlValue.Key => Key.Bytes,
        SqlValue.PlainCrc => (long)Key.PlainCrc,
        SqlValue.PlainKey => Key.PlainBytes,
        SqlValue.LegacyKey => Encoding.UTF8.GetString(Key.PlainBytes),
        SqlValue.Value => Value,
        SqlValue.Format => Format,
        SqlValue.Version => Version,
        SqlValue.OldVersion => OldVersion,
        SqlValue.RecentVersions => Recent.Bytes,
        SqlValue.ExpiresAt => Lifetime.ExpiresAt,
        SqlValue.SlidingMs => Lifetime.SlidingMs,
        SqlValue.AbsoluteAt => Lifetime.AbsoluteAt,
        SqlValue.Now => Now,
        SqlValue.First => Accesses.First,
        SqlValue.Last => Accesses.Last,
        SqlValue.Touches => Touches,
        SqlValue.FromCrc => FromCrc,
        SqlValue.ToCrc => ToCrc,
        SqlValue.Limit => Limit,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, null),
    };

    public static DbType TypeOf(SqlValue value) => value switch
    {
        SqlValue.Key or SqlValue.PlainKey or SqlValue.Value or SqlValue.RecentVersions => DbType.Binary,
        SqlValue.Touches or SqlValue.LegacyKey => DbType.String,
        SqlValue.Format => DbType.Int32,
        _ => DbType.Int64,
    };
}
