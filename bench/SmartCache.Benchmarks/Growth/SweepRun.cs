using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCache.Engines;

namespace SmartCache.Benchmarks;

/// <summary>SmartCache removes expired rows: alone, while requests go on, and where nothing has expired.</summary>
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
            throw new UnsoundException("After the pass there are other rows than the live ones.");
    }

    private async Task RunAloneAsync(CancellationToken cancellationToken)
    {
        progress.Say("sweeping, nothing else going on");
        var before = await database.Engine.CountAsync(cancellationToken);
        await using var sweeper = new Sweeper(database);
        var (removed, took) = await sweeper.PassAsync(cancellationToken);
        var counts = await database.Engine.CountAsync(cancellationToken) - before;
        _passes.Add(new SweepPass("alone", removed, took.TotalSeconds, counts));
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
            _passes.Add(new SweepPass(name, removed, took.TotalSeconds, counts));
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
            _passes.Add(new SweepPass("with traffic", removed, took.TotalSeconds, null));
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

/// <summary>What the removal of expired rows cost, from among as many live ones.</summary>
internal sealed record SweepResult(long Rows, int Payload, IReadOnlyList<SweepPass> Passes, IReadOnlyList<SweepTraffic> Traffic);

/// <summary>One pass of the sweeper, rests included. Counts is null if requests ran at the same time.</summary>
internal sealed record SweepPass(string Name, long Removed, double Seconds, Counts? Counts);

/// <summary>Requests before, during or after a pass.</summary>
internal sealed record SweepTraffic(string Kind, string When, double RequestsPerSecond, double P50Ms, double P99Ms, long Requests);

/// <summary>SmartCache's table with sessions in it: those with even numbers live, those with odd numbers long expired.</summary>
internal sealed class SweepTable(GrowthDatabase database, long rows)
{
    private const string Name = BenchmarkEngine.SmartCacheTable;

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
        await CountAsync("", cancellationToken) == rows && await CountAsync("AND expires_at < @now", cancellationToken) == 0;

    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await database.RunAsync($"DROP TABLE {Name}", cancellationToken);
        await database.RunAsync($"DROP TABLE {GrowthDatabase.Keys}", cancellationToken);
    }

    private Task<long> CountAsync(string which, CancellationToken cancellationToken) =>
        database.DataSource.AskAsync($"SELECT COUNT(*) FROM {Name} WHERE format = 1 {which}", new { now = Clock.Now }, cancellationToken);

    private async Task FillAsync(string which, CancellationToken cancellationToken)
    {
        var (value, now, sliding) = (Population.Payload.Create(new Random(3)), Clock.Now, SessionTable.SlidingMs);
        await database.FillAsync(
            $"""
            INSERT INTO {Name} (key_crc32, cache_key, value, format, version, expires_at, sliding_ms, created_at, updated_at)
            SELECT k.key_crc32, k.cache_key, @value, 1, k.number,
              CASE WHEN k.number % 2 = 0 THEN @live - k.key_crc32 % 60000 ELSE @expired END, @sliding, @now, @now
            FROM {GrowthDatabase.Keys} AS k
            WHERE k.number >= @from AND k.number < @to {which}
            ORDER BY k.number
            """,
            2 * rows,
            new { value, live = now + sliding, expired = now - (long)TimeSpan.FromHours(1).TotalMilliseconds, sliding, now },
            cancellationToken);
        await database.SettleAsync(Name, cancellationToken);
    }
}

/// <summary>A node of its own that removes expired rows in the background, as an app's does, and soon.</summary>
internal sealed class Sweeper : IAsyncDisposable
{
    private readonly SweepWatch _watch = new();
    private readonly ServiceProvider _services;
    private readonly long _begun = Stopwatch.GetTimestamp();

    public Sweeper(GrowthDatabase database)
    {
        // The shortest interval there is: the first pass begins after half a second to a second, which counts with it.
        _services = database.Engine.BuildSmartCache(options => options.ExpiredRemovalInterval = TimeSpan.FromSeconds(1), _watch);
        _services.GetRequiredService<SmartDistributedCache>();
    }

    public bool IsDone => _watch.FirstPass.IsCompleted;

    public async Task<(long Removed, TimeSpan Took)> PassAsync(CancellationToken cancellationToken)
    {
        var (removed, endedAt) = await _watch.FirstPass.WaitAsync(cancellationToken);
        return (removed, Stopwatch.GetElapsedTime(_begun, endedAt));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Learns from SmartCache's log that a pass in the background is over.</summary>
internal sealed class SweepWatch : ILoggerProvider, ILogger
{
    private const string Done = "SweepDone";

    private readonly TaskCompletionSource<(long Removed, long EndedAt)> _pass = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many rows the first pass has removed, and when by the stopwatch it was over.</summary>
    public Task<(long Removed, long EndedAt)> FirstPass => _pass.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == Done && state is IEnumerable<KeyValuePair<string, object?>> values)
            _pass.TrySetResult(((long)values.First(value => value.Key == "Count").Value!, Stopwatch.GetTimestamp()));
    }

    public void Dispose()
    {
    }
}

/// <summary>Traffic that reads for a while, changes for a while, and so on.</summary>
internal sealed class Slices(Contender contender, Population population, int concurrency, TimeSpan slice)
{
    private readonly Crowd[] _crowds =
        [.. new[] { RequestKind.Read, RequestKind.Changed }.Select(kind => new Crowd(contender, population, new Ledger(population.Keys.Count), kind, concurrency))];

    private readonly RequestKind[] _kinds = [RequestKind.Read, RequestKind.Changed];

    /// <summary>Goes on until both have had their turn and nothing more is wanted.</summary>
    /// <exception cref="UnsoundException">A request failed.</exception>
    public async Task<IEnumerable<SweepTraffic>> RunAsync(string when, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var latencies = _kinds.Select(_ => new Latencies()).ToArray();
        var seconds = new double[_kinds.Length];
        do
        {
            for (var i = 0; i < _kinds.Length; i++)
            {
                var (some, took) = await _crowds[i].RunAsync(slice, isWarmUp: false, cancellationToken);
                latencies[i].Add(some);
                seconds[i] += took.TotalSeconds;
            }
        }
        while (goesOn());

        return _crowds.FirstOrDefault(crowd => crowd.Errors > 0) is { } failed
            ? throw new UnsoundException($"{failed.Errors} requests failed, the first with: {failed.FirstError}")
            : [.. _kinds.Select((kind, i) => new SweepTraffic(
                RequestKinds.NameOf(kind), when, latencies[i].TotalCount / seconds[i],
                latencies[i].Milliseconds(0.5), latencies[i].Milliseconds(0.99), latencies[i].TotalCount))];
    }
}
