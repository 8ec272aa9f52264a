using System.Data;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Engines;
using SmartCache.Benchmarks.Growth.Tables;
using SmartCache.Benchmarks.Sessions;

namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>SmartCache's table with sessions in it: those with even numbers live, those with odd numbers long expired.</summary>
internal sealed class SweepTable(GrowthDatabase database, long rows)
{
    private const string Name = BenchmarkEngine.SmartCacheTable;
    private static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    public Population Population { get; } =
        new([.. Enumerable.Range(0, (int)rows).Select(i => NumberedKeys.Create(2L * i))], new SamplePayload(512));

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await database.FillKeysAsync(2 * rows, cancellationToken);
        await database.RunAsync($"DROP TABLE IF EXISTS {Name}", cancellationToken);
        await database.RunAsync(database.Engine.OptionsFor(Name).CreateTableScript(), cancellationToken);
        await FillAsync("", cancellationToken);
    }

    public Task AddExpiredAsync(CancellationToken cancellationToken) => FillAsync("AND k.number % 2 = 1", cancellationToken);

    /// <summary>Whether all live rows are there, and no others.</summary>
    public async Task<bool> IsSweptAsync(CancellationToken cancellationToken) =>
        await database.AskAsync($"SELECT COUNT(*) FROM {Name}", [], cancellationToken) == rows
        && await database.AskAsync($"SELECT COUNT(*) FROM {Name} WHERE expires_at < @now", [("@now", DbType.Int64, Now())], cancellationToken) == 0;

    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await database.RunAsync($"DROP TABLE {Name}", cancellationToken);
        await database.RunAsync($"DROP TABLE {GrowthDatabase.Keys}", cancellationToken);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task FillAsync(string which, CancellationToken cancellationToken)
    {
        var now = Now();
        await database.FillAsync(
            $"""
            INSERT INTO {Name} (key_crc32, cache_key, value, format, version, expires_at, sliding_ms, created_at, updated_at)
            SELECT k.key_crc32, k.cache_key, @value, 1, k.number,
              CASE WHEN k.number % 2 = 0 THEN @live - k.key_crc32 % 60000 ELSE @expired END, @sliding_ms, @now, @now
            FROM {GrowthDatabase.Keys} AS k
            WHERE k.number >= @from_number AND k.number < @to_number {which}
            ORDER BY k.number
            """,
            2 * rows,
            [
                ("@value", DbType.Binary, Population.Payload.Create(new Random(3))),
                ("@live", DbType.Int64, now + SlidingMs),
                ("@expired", DbType.Int64, now - (long)TimeSpan.FromHours(1).TotalMilliseconds),
                ("@sliding_ms", DbType.Int64, SlidingMs),
                ("@now", DbType.Int64, now),
            ],
            cancellationToken);
        await database.SettleAsync(Name, cancellationToken);
    }
}
