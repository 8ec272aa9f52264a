using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Growth.Tables;
using SmartCache.Benchmarks.Measuring;
using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>
/// Measures all operations on tables of all sizes and layouts, which are all there at once: in each round every cell
/// has its turn, next to the ones it is compared with.
/// </summary>
internal sealed class LookupRun(GrowthDatabase database, GrowthArguments arguments, Progress progress)
{
    private const int ValueBytes = 16;
    private const int MostProbes = 100_000;

    private static readonly byte[] Value = [.. Enumerable.Range(1, ValueBytes).Select(i => (byte)(i * 37))];

    private readonly Dictionary<LookupCell, List<LookupMeasurement>> _measured = [];

    public async Task<(IReadOnlyList<TableSize> Sizes, IReadOnlyList<LookupResult> Lookups)> RunAsync(CancellationToken cancellationToken)
    {
        var tables = arguments.Rows.SelectMany(rows => database.Layouts.Select(layout => new GrowthTable(layout, rows))).ToList();
        var sizes = await FillAsync(tables, cancellationToken);
        await RehearseAsync(tables, cancellationToken);
        for (var round = 0; round < arguments.Rounds; round++)
        {
            foreach (var operation in Enum.GetValues<Operation>())
            {
                foreach (var rows in arguments.Rows)
                {
                    await RunAsync(operation, Turn(tables.Where(table => table.Rows == rows), round), round, cancellationToken);
                }
            }
        }

        await DropAsync(tables, cancellationToken);
        return (sizes, [.. _measured.Select(entry => Result(entry.Key, entry.Value))]);
    }

    private static IEnumerable<GrowthTable> Turn(IEnumerable<GrowthTable> tables, int round)
    {
        var all = tables.ToList();
        return all.Skip(round % all.Count).Concat(all.Take(round % all.Count));
    }

    private static string ProbesOf(long rows) => $"growth_probes_{rows}";

    private async Task<List<TableSize>> FillAsync(List<GrowthTable> tables, CancellationToken cancellationToken)
    {
        progress.Say($"{database.Engine.Description}: making {arguments.Rows.Max():N0} keys");
        await database.FillKeysAsync(arguments.Rows.Max(), cancellationToken);
        var sizes = new List<TableSize>();
        foreach (var table in tables)
        {
            progress.Say($"filling {table.Name}");
            sizes.Add(await database.FillAsync(table, Value, cancellationToken));
        }

        foreach (var rows in arguments.Rows)
        {
            await database.FillProbesAsync(ProbesOf(rows), rows, MostProbes, cancellationToken);
        }

        await database.RunAsync($"DROP TABLE {GrowthDatabase.Keys}", cancellationToken);
        return sizes;
    }

    /// <summary>Compiles what will be measured.</summary>
    private async Task RehearseAsync(List<GrowthTable> tables, CancellationToken cancellationToken)
    {
        progress.Say("Rehearsing");
        foreach (var operation in Enum.GetValues<Operation>())
        {
            await RunAsync(operation, tables.Take(1), round: 0, cancellationToken);
        }

        _measured.Clear();
    }

    private async Task RunAsync(Operation operation, IEnumerable<GrowthTable> tables, int round, CancellationToken cancellationToken)
    {
        foreach (var table in tables.Where(table => operation != Operation.Get || table.Layout == database.Layouts[0]))
        {
            progress.Say($"round {round + 1} of {arguments.Rounds}, {Figures.NameOf(operation)}: {table.Layout.Name}, {table.Rows:N0} rows");
            await using var cache = operation == Operation.Get ? database.Engine.BuildSmartCache(options => options.TableName = table.Name) : null;
            var cell = new LookupCell(operation, table.Layout.Name, table.Rows);
            if (!_measured.TryGetValue(cell, out var rounds))
            {
                _measured.Add(cell, rounds = []);
            }

            rounds.Add(await MeasureAsync(operation, table, cache, cancellationToken));
        }
    }

    private async Task<LookupMeasurement> MeasureAsync(Operation operation, GrowthTable table, IServiceProvider? cache, CancellationToken cancellationToken)
    {
        await using var crew = await StartAsync(operation, table, cache, cancellationToken);

        // A removal must find something to remove, and is over when all is gone.
        await crew.RunAsync(TimeSpan.FromSeconds(operation == Operation.Remove ? 0 : arguments.WarmUp), cancellationToken);
        var before = await database.CountAsync(cancellationToken);
        var (operations, took) = await crew.RunAsync(operation == Operation.Remove ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(arguments.Seconds), cancellationToken);
        var counts = await database.CountAsync(cancellationToken) - before;
        if (operation == Operation.Remove)
        {
            table.ForgetRemoved();
        }

        double done = Math.Max(1, operations);
        return new LookupMeasurement(
            operations / took.TotalSeconds,
            took.TotalMicroseconds * crew.Size / done,
            counts.Requested / done,
            counts.Read / done,
            counts.LogBytes / done);
    }

    private async Task<Crew> StartAsync(Operation operation, GrowthTable table, IServiceProvider? cache, CancellationToken cancellationToken)
    {
        var workers = new List<IWorker>();
        for (var number = 0; number < (operation == Operation.Inside ? 1 : arguments.Concurrency); number++)
        {
            var random = new Random(number);
            workers.Add(operation switch
            {
                Operation.Get => new CacheWorker(cache!.GetRequiredService<IDistributedCache>(), table, random),
                Operation.Inside => await ProbeWorker.StartAsync(database, table, ProbesOf(table.Rows), (int)Math.Min(table.Rows, MostProbes), cancellationToken),
                _ => await RowWorker.StartAsync(database, table, operation, Value, random, cancellationToken),
            });
        }

        return new Crew(workers);
    }

    private async Task DropAsync(IEnumerable<GrowthTable> tables, CancellationToken cancellationToken)
    {
        foreach (var name in tables.Select(table => table.Name).Concat(arguments.Rows.Select(ProbesOf)))
        {
            await database.RunAsync(string.Create(CultureInfo.InvariantCulture, $"DROP TABLE {name}"), cancellationToken);
        }
    }

    private LookupResult Result(LookupCell cell, List<LookupMeasurement> rounds)
    {
        var smallest = _measured[cell with { Rows = arguments.Rows.Min() }];
        var own = _measured[cell with { Layout = database.Layouts[0].Name }];
        return new LookupResult(cell, rounds, Times(rounds, smallest), Times(rounds, own));
    }

    private static double Times(IEnumerable<LookupMeasurement> rounds, IEnumerable<LookupMeasurement> others) =>
        Figures.Median(rounds.Zip(others, (own, other) => own.Microseconds / other.Microseconds));
}
