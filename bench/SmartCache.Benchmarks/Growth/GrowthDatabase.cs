using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using SmartCache.Benchmarks.Requests;

namespace SmartCache.Benchmarks.Growth;

/// <summary>A server as this part of the program sees it: tables that it fills by itself, and what it counts.</summary>
internal abstract class GrowthDatabase(BenchmarkEngine engine) : IAsyncDisposable
{
    /// <summary>Every key with its number and crc, in the order of arrival; the tables are filled from it.</summary>
    public const string Keys = "growth_keys";

    private const int RowsPerStatement = 200_000;

    public BenchmarkEngine Engine { get; } = engine;

    /// <summary>SmartCache's own first: what the others are compared with.</summary>
    public abstract IReadOnlyList<Layout> Layouts { get; }

    protected DbDataSource DataSource { get; } = engine.CreateDataSource();

    /// <summary>What a session says before it fills a table.</summary>
    protected virtual string? BeforeFilling => null;

    public ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken) => DataSource.OpenConnectionAsync(cancellationToken);

    /// <summary>Makes the list of keys.</summary>
    public abstract Task FillKeysAsync(long count, CancellationToken cancellationToken);

    /// <summary>Makes and fills a table, all its indexes in place, as if the rows came one after the other.</summary>
    public async Task<TableSize> FillAsync(GrowthTable table, byte[] value, CancellationToken cancellationToken)
    {
        await RunAsync($"DROP TABLE IF EXISTS {table.Name}", cancellationToken);
        await RunAsync(table.Layout.CreateScript(table.Name), cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await FillAsync(
            $"""
            INSERT INTO {table.Name} (key_crc32, cache_key, value, format, version, expires_at, created_at, updated_at)
            SELECT {table.Layout.CrcFrom("k")}, k.cache_key, @value, 0, k.number, @later, @now, @now
            FROM {Keys} AS k
            WHERE k.number >= @from_number AND k.number < @to_number
            ORDER BY k.number
            """,
            table.Rows,
            [("@value", DbType.Binary, value), ("@later", DbType.Int64, now + (long)TimeSpan.FromDays(1).TotalMilliseconds), ("@now", DbType.Int64, now)],
            cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await SettleAsync(table.Name, cancellationToken);
        var (tableBytes, indexBytes) = await SizeOfAsync(table.Name, cancellationToken);
        return new TableSize(table.Layout.Name, table.Rows, tableBytes, indexBytes, seconds);
    }

    /// <summary>Runs a statement for all numbers of keys, piece by piece: <c>@from_number</c> up to but without <c>@to_number</c>.</summary>
    public async Task FillAsync(string text, long count, (string, DbType, object)[] values, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        if (BeforeFilling is not null)
        {
            await SqlText.RunAsync(connection, BeforeFilling, [], cancellationToken);
        }

        for (var from = 0L; from < count; from += RowsPerStatement)
        {
            var to = Math.Min(count, from + RowsPerStatement);
            await SqlText.RunAsync(connection, text, [.. values, ("@from_number", DbType.Int64, from), ("@to_number", DbType.Int64, to)], cancellationToken);
        }
    }

    /// <summary>Does what the server would do by itself after so many inserts, sooner or later.</summary>
    public abstract Task SettleAsync(string table, CancellationToken cancellationToken);

    /// <summary>Up to so many keys of the first rows, in no order, for <see cref="ProbeStatement"/>.</summary>
    public abstract Task FillProbesAsync(string probes, long rows, int count, CancellationToken cancellationToken);

    /// <summary>What a session says before <see cref="ProbeStatement"/>, so that the server looks each key up.</summary>
    public abstract string? BeforeProbing { get; }

    /// <summary>One statement that looks up every key of a list, one after the other, by the table's key.</summary>
    public abstract string ProbeStatement(GrowthTable table, string probes);

    public async Task RunAsync(string text, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await SqlText.RunAsync(connection, text, [], cancellationToken);
    }

    public async Task<long> AskAsync(string text, (string, DbType, object)[] values, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = SqlText.Command(connection, text, values);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

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
