using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks.Growth;

/// <summary>A table of one layout and size.</summary>
internal sealed class GrowthTable(Layout layout, long rows)
{
    private long _inserted;
    private long _removed;

    public Layout Layout { get; } = layout;

    public long Rows { get; } = rows;

    public string Name { get; } = $"growth_{layout.Name.Replace('-', '_')}_{rows}";

    /// <summary>The number of a key to insert.</summary>
    public long NextNew() => NumberedKeys.New + Interlocked.Increment(ref _inserted);

    /// <summary>The number of a key that was inserted and is to go; null when all are gone.</summary>
    public long? NextToRemove()
    {
        var number = Interlocked.Increment(ref _removed);
        return number <= Interlocked.Read(ref _inserted) ? NumberedKeys.New + number : null;
    }

    /// <summary>Notes that all inserted rows are gone.</summary>
    public void ForgetRemoved() => _removed = _inserted;
}

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

/// <summary>
/// Keys that look like the session middleware's, each made from its number: the server makes the same ones, and ten
/// million of them need no memory here. They begin a hash of it, so they come in no order.
/// </summary>
internal static class NumberedKeys
{
    /// <summary>From here on, numbers of keys that are never stored.</summary>
    public const long Absent = 1L << 40;

    /// <summary>From here on, numbers of rows that are inserted while that is measured.</summary>
    public const long New = 1L << 41;

    public static string Create(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        SHA256.HashData(digits[..length], hash);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}

/// <summary>A table as it was after it was filled.</summary>
/// <param name="Layout">How rows are found.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="TableBytes">The rows; with a clustered key, that key too.</param>
/// <param name="IndexBytes">All other indexes.</param>
/// <param name="FillSeconds">How long the server took to insert the rows, key by key in no order.</param>
internal sealed record TableSize(string Layout, long Rows, long TableBytes, long IndexBytes, double FillSeconds);
