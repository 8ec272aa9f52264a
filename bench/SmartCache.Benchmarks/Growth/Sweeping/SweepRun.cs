using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Measuring;

namespace SmartCache.Benchmarks.Growth.Sweeping;

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
