using System.Data;
using System.Globalization;
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
        ["owner"] = (DbType.String, static (in values) => values.Owner),
        ["created_at"] = (DbType.Int64, static (in values) => values.CreatedAt),
        ["now"] = (DbType.Int64, static (in values) => values.Now),
        ["first"] = (DbType.Int64, static (in values) => values.Span.First),
        ["last"] = (DbType.Int64, static (in values) => values.Span.Last),
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
    public string? Owner;
    public long CreatedAt;
    public TouchSpan Span;
    public string? Touches;
    public long Now;
    public long FromCrc;
    public long ToCrc;
    public long Limit;

    /// <summary>The values of each row, for a statement about several.</summary>
    public SqlValues[]? Rows;

    public delegate object? Picker(in SqlValues values);

    /// <summary>
    /// What a name in a statement's text stands for: a value; with a number at its end, such as <c>crc_3</c>, that of a row, or of the last
    /// one if there are not so many; with <c>_array</c>, those of all rows, whose type the driver infers.
    /// </summary>
    /// <exception cref="ArgumentException">No value has that name.</exception>
    public static (DbType? Type, Picker Pick) Find(string name)
    {
        if (ByName.TryGetValue(name, out var value))
            return (value.Type, value.Pick);

        var end = name.LastIndexOf('_');
        if (end > 0 && ByName.TryGetValue(name[..end], out var each))
        {
            if (name[(end + 1)..] == "array")
                return (null, (in values) => ArrayOf(values.Rows!, each.Type, each.Pick));

            if (int.TryParse(name.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return (each.Type, (in values) => each.Pick(in values.Rows![Math.Min(number, values.Rows.Length - 1)]));
        }

        throw new ArgumentException($"The dialect's statement uses @{name}, and no value has that name.");
    }

    private static Array ArrayOf(SqlValues[] rows, DbType type, Picker pick) => type switch
    {
        DbType.Binary => Array.ConvertAll(rows, row => (byte[]?)pick(in row)),
        DbType.String => Array.ConvertAll(rows, row => (string?)pick(in row)),
        DbType.Int32 => Array.ConvertAll(rows, row => (int?)pick(in row)),
        _ => Array.ConvertAll(rows, row => (long?)pick(in row)),
    };
}
