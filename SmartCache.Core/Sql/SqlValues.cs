using System.Data;
using System.Text;

namespace SmartCache.Sql;

/// <summary>The values for one execution of a statement, which picks those it names.</summary>
internal struct SqlValues
{
    /// <summary>The values by the names they have in statements' texts, each with its type.</summary>
    public static readonly Dictionary<string, (DbType Type, Picker Pick)> ByName = new()
    {
        ["crc"] = (DbType.Int64, static (in values) => (long)values.Key.Crc),
        ["key"] = (DbType.Binary, static (in values) => values.Key.Bytes),
        ["plain_crc"] = (DbType.Int64, static (in values) => (long)values.Key.PlainCrc),
        ["plain_key"] = (DbType.Binary, static (in values) => values.Key.PlainBytes),
        ["legacy_key"] = (DbType.String, static (in values) => Encoding.UTF8.GetString(values.Key.PlainBytes)),
        ["value"] = (DbType.Binary, static (in values) => values.Value),
        ["format"] = (DbType.Int32, static (in values) => values.Format),
        ["version"] = (DbType.Int64, static (in values) => values.Version),
        ["old_version"] = (DbType.Int64, static (in values) => values.OldVersion),
        ["recent_versions"] = (DbType.Binary, static (in values) => values.Recent.Bytes),
        ["expires_at"] = (DbType.Int64, static (in values) => values.Lifetime.ExpiresAt),
        ["sliding_ms"] = (DbType.Int64, static (in values) => values.Lifetime.SlidingMs),
        ["absolute_at"] = (DbType.Int64, static (in values) => values.Lifetime.AbsoluteAt),
        ["now"] = (DbType.Int64, static (in values) => values.Now),
        ["first"] = (DbType.Int64, static (in values) => values.Accesses.First),
        ["last"] = (DbType.Int64, static (in values) => values.Accesses.Last),
        ["touches"] = (DbType.String, static (in values) => values.Touches),
        ["from_crc"] = (DbType.Int64, static (in values) => values.FromCrc),
        ["to_crc"] = (DbType.Int64, static (in values) => values.ToCrc),
        ["limit"] = (DbType.Int64, static (in values) => values.Limit),
    };

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

    public delegate object? Picker(in SqlValues values);
}
