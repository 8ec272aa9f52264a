using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using SmartCache.Primitives;

namespace SmartCache.Benchmarks;

/// <summary>A server as this part of the program sees it: tables that it fills by itself, and what it counts.</summary>
internal abstract class GrowthDatabase(BenchmarkEngine engine) : IAsyncDisposable
{
    /// <summary>Every key with its number and crc, in the order of arrival; the tables are filled from it.</summary>
    public const string Keys = "growth_keys";

    private const int RowsPerStatement = 200_000;

    public BenchmarkEngine Engine { get; } = engine;

    /// <summary>SmartCache's own first: what the others are compared with.</summary>
    public abstract IReadOnlyList<Layout> Layouts { get; }
    public DbDataSource DataSource { get; } = engine.CreateDataSource();

    /// <summary>What a session says before it fills a table.</summary>
    protected virtual string? BeforeFilling => null;

    /// <summary>Creates the list of keys.</summary>
    public abstract Task FillKeysAsync(long count, CancellationToken cancellationToken);

    /// <summary>Creates and fills a table, all its indexes in place, as if the rows came one after the other.</summary>
    public async Task<TableSize> FillAsync(GrowthTable table, byte[] value, CancellationToken cancellationToken)
    {
        await RunAsync($"DROP TABLE IF EXISTS {table.Name}", cancellationToken);
        await RunAsync(table.Layout.CreateScript(table.Name), cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        await FillAsync(
            $"""
            INSERT INTO {table.Name} (key_crc32, cache_key, value, format, version, expires_at, created_at, updated_at)
            SELECT {table.Layout.CrcFrom("k")}, k.cache_key, @value, 0, k.number, @later, @now, @now
            FROM {Keys} AS k
            WHERE k.number >= @from AND k.number < @to
            ORDER BY k.number
            """,
            table.Rows,
            new { value, later = Clock.Now + (long)TimeSpan.FromDays(1).TotalMilliseconds, now = Clock.Now },
            cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await SettleAsync(table.Name, cancellationToken);
        var (tableBytes, indexBytes) = await SizeOfAsync(table.Name, cancellationToken);
        return new TableSize(table.Layout.Name, table.Layout.Key, table.Rows, tableBytes, indexBytes, seconds);
    }

    /// <summary>Runs a statement for all numbers of keys, piece by piece: <c>@from</c> up to but without <c>@to</c>.</summary>
    public async Task FillAsync(string text, long count, object values, CancellationToken cancellationToken)
    {
        await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
        if (BeforeFilling is not null)
            await connection.RunAsync(BeforeFilling, null, cancellationToken);

        for (var from = 0L; from < count; from += RowsPerStatement)
        {
            var all = new DynamicParameters(values);
            all.AddDynamicParams(new { from, to = Math.Min(count, from + RowsPerStatement) });
            await connection.RunAsync(text, all, cancellationToken);
        }
    }

    /// <summary>Does at once what the server does some time after many inserts.</summary>
    public abstract Task SettleAsync(string table, CancellationToken cancellationToken);

    /// <summary>Lists keys of the first rows, at most a number of them and in no order, for <see cref="ProbeStatement"/>.</summary>
    public abstract Task FillProbesAsync(string probes, long rows, int count, CancellationToken cancellationToken);

    /// <summary>What a session says before <see cref="ProbeStatement"/>, so that the server looks each key up.</summary>
    public abstract string? BeforeProbing { get; }

    /// <summary>One statement that looks up every key of a list, one after the other, by the table's key.</summary>
    public abstract string ProbeStatement(GrowthTable table, string probes);

    public Task<int> RunAsync(string text, CancellationToken cancellationToken) => DataSource.RunAsync(text, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await Engine.DisposeAsync();
    }

    protected abstract Task<(long TableBytes, long IndexBytes)> SizeOfAsync(string table, CancellationToken cancellationToken);

    /// <summary>A table like SmartCache's own but for the key.</summary>
    protected static string Without(string script, string key, string instead) =>
        script.Contains(key, StringComparison.Ordinal)
            ? script.Replace(key, instead, StringComparison.Ordinal)
            : throw new InvalidOperationException($"SmartCache's script has no {key}.");
}

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
    /// <summary>From here on, numbers of keys that are never saved.</summary>
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

/// <summary>A table as it was after it was filled, key by key in no order. With a clustered key, that key is part of the table.</summary>
internal sealed record TableSize(string Layout, string Key, long Rows, long TableBytes, long IndexBytes, double FillSeconds);
