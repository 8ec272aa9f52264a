using System.Data;
using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Benchmarks.Requests;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Growth;

/// <summary>Lets SmartCache remove expired rows, alone and while requests go on, and then look for some where there are none.</summary>
internal sealed class SweepRun(GrowthDatabase database, GrowthArguments arguments, Progress progress)
{
    private const int SlicesBefore = 5;

    private readonly List<SweepPass> _passes = [];
    private readonly List<SweepTraffic> _traffic = [];

    public async Task<SweepResult> RunAsync(CancellationToken cancellationToken)
    {
        progress.Say($"{database.Engine.Description}: filling a table with {arguments.Sweep:N0} live and as many expired sessions");
        var table = new SweepTable(database, arguments.Sweep);
        await table.CreateAsync(cancellationToken);
        await RunAloneAsync(cancellationToken);
        await CheckAsync(table, cancellationToken);
        await LookForNoneAsync(cancellationToken);

        progress.Say("filling the table with expired sessions again");
        await table.AddExpiredAsync(cancellationToken);
        await RunWithTrafficAsync(table, cancellationToken);
        await CheckAsync(table, cancellationToken);
        await table.DropAsync(cancellationToken);
        return new SweepResult(arguments.Sweep, table.Population.Payload.Size, _passes, _traffic);
    }

    private static async Task CheckAsync(SweepTable table, CancellationToken cancellationToken)
    {
        if (!await table.IsSweptAsync(cancellationToken))
        {
            throw new UnsoundException("After the pass there are other rows than the live ones.");
        }
    }

    private async Task RunAloneAsync(CancellationToken cancellationToken)
    {
        progress.Say("sweeping, nothing else going on");
        var before = await database.Engine.CountAsync(cancellationToken);
        await using var sweeper = new Sweeper(database);
        var (removed, took) = await sweeper.PassAsync(cancellationToken);
        var counts = await database.Engine.CountAsync(cancellationToken) - before;
        _passes.Add(new SweepPass("alone", removed, took.TotalSeconds, counts.Statements, counts.LogBytes));
    }

    /// <summary>Without rests: what the database has to do.</summary>
    private async Task LookForNoneAsync(CancellationToken cancellationToken)
    {
        progress.Say("sweeping where nothing has expired");
        await using var services = database.Engine.BuildSmartCache(static options => options.ExpiredRemovalInterval = null);
        var cache = services.GetRequiredService<SmartDistributedCache>();
        foreach (var name in new[] { "nothing expired, first pass, no rests", "nothing expired, later pass, no rests" })
        {
            var before = await database.Engine.CountAsync(cancellationToken);
            var begun = Stopwatch.GetTimestamp();
            var removed = await cache.RemoveExpiredAsync(cancellationToken);
            var took = Stopwatch.GetElapsedTime(begun);
            var counts = await database.Engine.CountAsync(cancellationToken) - before;
            _passes.Add(new SweepPass(name, removed, took.TotalSeconds, counts.Statements, counts.LogBytes));
        }
    }

    private async Task RunWithTrafficAsync(SweepTable table, CancellationToken cancellationToken)
    {
        // Another node than the one that sweeps.
        var services = database.Engine.BuildSmartCache(static options => options.ExpiredRemovalInterval = null);
        await using var contender = new CacheContender(services.GetRequiredService<IDistributedCache>(), services);
        var slices = new Slices(contender, table.Population, arguments.Concurrency, TimeSpan.FromSeconds(arguments.Seconds));
        await slices.RunAsync("", static () => false, cancellationToken);
        await RunSlicesAsync("before");
        progress.Say("sweeping, with traffic");
        await using (var sweeper = new Sweeper(database))
        {
            _traffic.AddRange(await slices.RunAsync("during", () => !sweeper.IsDone, cancellationToken));
            var (removed, took) = await sweeper.PassAsync(cancellationToken);
            _passes.Add(new SweepPass("with traffic", removed, took.TotalSeconds, null, null));
        }

        await RunSlicesAsync("after");

        async Task RunSlicesAsync(string when)
        {
            progress.Say($"traffic {when} the sweep");
            var left = SlicesBefore;
            _traffic.AddRange(await slices.RunAsync(when, () => --left > 0, cancellationToken));
        }
    }
}

/// <summary>What the removal of expired rows cost.</summary>
/// <param name="Rows">How many had expired, and how many had not.</param>
/// <param name="Payload">Bytes in each.</param>
/// <param name="Passes">The sweeper's passes.</param>
/// <param name="Traffic">What requests noticed.</param>
internal sealed record SweepResult(long Rows, int Payload, IReadOnlyList<SweepPass> Passes, IReadOnlyList<SweepTraffic> Traffic);

/// <summary>One pass of the sweeper.</summary>
/// <param name="Name">Under what circumstances.</param>
/// <param name="Removed">Rows that it removed.</param>
/// <param name="Seconds">How long it took, rests included.</param>
/// <param name="Statements">Statements, those that begin or end transactions left out; null while requests made some, too.</param>
/// <param name="LogBytes">Bytes written to the server's log; null while requests wrote some, too.</param>
internal sealed record SweepPass(string Name, long Removed, double Seconds, long? Statements, long? LogBytes);

/// <summary>Requests before, during or after a pass.</summary>
internal sealed record SweepTraffic(string Kind, string When, double RequestsPerSecond, double P50Ms, double P99Ms, long Requests);

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
        await database.RunAsync(database.Engine.CreateTableScript(Name), cancellationToken);
        await FillAsync("", cancellationToken);
    }

    public Task AddExpiredAsync(CancellationToken cancellationToken) => FillAsync("AND k.number % 2 = 1", cancellationToken);

    /// <summary>Whether all live sessions are there, and no others. SmartCache also has a row about its sweeps, which is not a session.</summary>
    public async Task<bool> IsSweptAsync(CancellationToken cancellationToken) =>
        await database.AskAsync($"SELECT COUNT(*) FROM {Name} WHERE format = 1", [], cancellationToken) == rows
        && await database.AskAsync($"SELECT COUNT(*) FROM {Name} WHERE format = 1 AND expires_at < @now", [("@now", DbType.Int64, Now())], cancellationToken) == 0;

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
