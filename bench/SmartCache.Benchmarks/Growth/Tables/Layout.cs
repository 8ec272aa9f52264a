using System.Data;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Growth.Tables;

/// <summary>A way to find rows by their key. The columns are always SmartCache's.</summary>
/// <param name="Name">For tables and reports.</param>
/// <param name="Key">What leads to a row.</param>
/// <param name="CreateScript">Statements that make a table of this name.</param>
internal sealed record Layout(string Name, string Key, Func<string, string> CreateScript)
{
    /// <summary>Whether the crc is looked for, too.</summary>
    public bool HasCrc { get; init; } = true;

    /// <summary>Whether the crc column is a 32-bit integer.</summary>
    public bool IsCrcNarrow { get; init; }

    /// <summary>Which row a statement with <c>@key</c>, and where there is a crc <c>@crc</c>, is about.</summary>
    public string ThisRow => HasCrc ? "key_crc32 = @crc AND cache_key = @key" : "cache_key = @key";

    public DbType CrcType => IsCrcNarrow ? DbType.Int32 : DbType.Int64;

    /// <summary>The crc column's value from a row of the list of keys.</summary>
    public string CrcFrom(string row) => IsCrcNarrow ? $"({row}.key_crc32 - 2147483648)::integer" : $"{row}.key_crc32";

    /// <summary>Joins a table of this layout to a row of a list of keys.</summary>
    public string Join(string table, string row) =>
        (HasCrc ? $"{table}.key_crc32 = {CrcFrom(row)} AND " : "") + $"{table}.cache_key = {row}.cache_key";

    public object CrcOf(CacheKey key) => IsCrcNarrow ? (int)(key.Crc - 2147483648L) : (long)key.Crc;
}
