using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Benchmarks.Reports;
using SmartCache.Benchmarks.Requests;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Growth;

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
        var before = await database.Engine.CountAsync(cancellationToken);
        var (operations, took) = await crew.RunAsync(operation == Operation.Remove ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(arguments.Seconds), cancellationToken);
        var counts = await database.Engine.CountAsync(cancellationToken) - before;
        if (operation == Operation.Remove)
        {
            table.ForgetRemoved();
        }

        double done = Math.Max(1, operations);
        return new LookupMeasurement(
            operations / took.TotalSeconds,
            took.TotalMicroseconds * crew.Size / done,
            counts.PagesRequested / done,
            counts.PagesRead / done,
            counts.LogBytes / done);
    }

    private async Task<Crew> StartAsync(Operation operation, GrowthTable table, IServiceProvider? cache, CancellationToken cancellationToken)
    {
        var workers = new List<Worker>();
        for (var number = 0; number < (operation == Operation.Inside ? 1 : arguments.Concurrency); number++)
        {
            var random = new Random(number);
            switch (operation)
            {
                case Operation.Get:
                    workers.Add(Getter(cache!.GetRequiredService<IDistributedCache>(), table, random));
                    break;
                case Operation.Inside:
                    workers.Add(await ProberAsync(table, cancellationToken));
                    break;
                default:
                    var worker = await RowWorker.StartAsync(database, table, operation, Value, random, cancellationToken);
                    workers.Add(new Worker(worker.WorkAsync, worker));
                    break;
            }
        }

        return new Crew(workers);
    }

    /// <summary>Gets values through SmartCache.</summary>
    private static Worker Getter(IDistributedCache cache, GrowthTable table, Random random) => new(async cancellationToken =>
        await cache.GetAsync(NumberedKeys.Create(random.NextInt64(table.Rows)), cancellationToken) is null
            ? throw new UnsoundException($"{table.Name}: SmartCache found no value for a key that is there.")
            : 1);

    /// <summary>Lets the server look a whole list of keys up, again and again.</summary>
    private async Task<Worker> ProberAsync(GrowthTable table, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        if (database.BeforeProbing is not null)
        {
            await SqlText.RunAsync(connection, database.BeforeProbing, [], cancellationToken);
        }

        var command = SqlText.Command(connection, database.ProbeStatement(table, ProbesOf(table.Rows)), []);
        return new Worker(
            async token =>
            {
                await command.ExecuteScalarAsync(token);
                return (int)Math.Min(table.Rows, MostProbes);
            },
            command,
            connection);
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

/// <summary>What is measured.</summary>
internal sealed record LookupCell(Operation Operation, string Layout, long Rows);

/// <summary>One cell in one round, or in the median over rounds.</summary>
/// <param name="PerSecond">Operations a second, of all workers.</param>
/// <param name="Microseconds">What an operation took, in the mean.</param>
/// <param name="PagesRequested">Pages asked of the server's buffer, per operation.</param>
/// <param name="PagesRead">Those of them that the buffer did not have.</param>
/// <param name="LogBytes">Bytes written to the server's log, per operation.</param>
internal sealed record LookupMeasurement(double PerSecond, double Microseconds, double PagesRequested, double PagesRead, double LogBytes);

/// <summary>One cell over all rounds.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Rounds">As measured, in order.</param>
/// <param name="OfSmallest">Its time as a multiple of that with the fewest rows, in the same round; the median.</param>
/// <param name="OfOwn">Its time as a multiple of that with SmartCache's own key, in the same round; the median.</param>
internal sealed record LookupResult(LookupCell Cell, IReadOnlyList<LookupMeasurement> Rounds, double OfSmallest, double OfOwn)
{
    public LookupMeasurement Median { get; } = new(
        Figures.Median(Rounds.Select(round => round.PerSecond)),
        Figures.Median(Rounds.Select(round => round.Microseconds)),
        Figures.Median(Rounds.Select(round => round.PagesRequested)),
        Figures.Median(Rounds.Select(round => round.PagesRead)),
        Figures.Median(Rounds.Select(round => round.LogBytes)));
}

/// <summary>What is done to single rows, by their keys.</summary>
internal enum Operation
{
    /// <summary>A SELECT of a row that is there.</summary>
    Found,

    /// <summary>A SELECT of a row that is not there.</summary>
    Absent,

    /// <summary>Many lookups in one statement: what the server alone takes, without driver and round trip.</summary>
    Inside,

    /// <summary>SmartCache's own get of a row that is there.</summary>
    Get,

    /// <summary>An UPDATE of a row's value, guarded by its version.</summary>
    Update,

    /// <summary>An INSERT.</summary>
    Insert,

    /// <summary>A DELETE of what was inserted.</summary>
    Remove,
}
