using SmartCache.Benchmarks.Reports;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Requests;

/// <summary>Measures all cells on one engine: in each of them the contenders one after the other, in each round in another order.</summary>
internal sealed class EngineRun(string name, BenchmarkEngine engine, RequestsArguments arguments, Progress progress)
{
    private static readonly TimeSpan Rehearsal = TimeSpan.FromSeconds(0.2);

    private readonly Dictionary<(Cell, string), List<Measurement>> _measured = [];

    public async Task<EngineResult> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var payload in arguments.Payloads)
        {
            await RunAsync(payload, cancellationToken);
        }

        return new EngineResult(name, engine.Description, engine.HowCounted, [.. _measured.Select(entry => Result(entry.Key.Item1, entry.Key.Item2, entry.Value))]);
    }

    private async Task RunAsync(int payload, CancellationToken cancellationToken)
    {
        var population = new Population(arguments.Sessions, new SamplePayload(payload));
        var tables = arguments.Contenders.ToDictionary(contender => contender, engine.OpenTable);
        try
        {
            var runners = new Dictionary<string, CellRunner>();
            foreach (var (contender, table) in tables)
            {
                progress.Say($"{engine.Description}: filling the table of {contender} with {arguments.Sessions:N0} sessions of {payload:N0} bytes");
                await table.FillAsync(population, cancellationToken);
                runners.Add(contender, new CellRunner(engine, contender, table, population));
            }

            var cells = Cells(payload);
            await RehearseAsync(runners, cells, cancellationToken);
            for (var round = 0; round < arguments.Rounds; round++)
            {
                foreach (var cell in cells)
                {
                    await RunAsync(cell, round, runners, cancellationToken);
                }
            }
        }
        finally
        {
            foreach (var table in tables.Values)
            {
                await table.DisposeAsync();
            }
        }
    }

    /// <summary>Compiles what will be measured, and finds out early whether everybody does their work.</summary>
    private async Task RehearseAsync(Dictionary<string, CellRunner> runners, IReadOnlyList<Cell> cells, CancellationToken cancellationToken)
    {
        progress.Say("Rehearsing");
        foreach (var cell in cells.DistinctBy(cell => cell.Kind))
        {
            foreach (var runner in runners.Values)
            {
                await runner.RunAsync(cell, Rehearsal / 2, Rehearsal / 2, cancellationToken);
            }
        }
    }

    private async Task RunAsync(Cell cell, int round, Dictionary<string, CellRunner> runners, CancellationToken cancellationToken)
    {
        var names = arguments.Contenders;
        for (var i = 0; i < names.Count; i++)
        {
            var contender = names[(i + round) % names.Count];
            progress.Say(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"round {round + 1} of {arguments.Rounds}, {RequestKinds.NameOf(cell.Kind)}, {cell.Payload:N0} B, {cell.Concurrency} at a time: {contender}"));
            var measurement = await runners[contender].RunAsync(cell, arguments, cancellationToken);
            if (!_measured.TryGetValue((cell, contender), out var rounds))
            {
                _measured.Add((cell, contender), rounds = []);
            }

            rounds.Add(measurement);
        }
    }

    private IReadOnlyList<Cell> Cells(int payload) =>
        [.. from kind in arguments.Kinds from concurrency in arguments.Concurrency select new Cell(kind, payload, concurrency)];

    private CellResult Result(Cell cell, string contender, List<Measurement> rounds)
    {
        double? ofFloor = null;
        if (_measured.TryGetValue((cell, ContenderNames.Floor), out var floor))
        {
            ofFloor = Figures.Median(rounds.Zip(floor, (own, least) => own.RequestsPerSecond / least.RequestsPerSecond));
        }

        return new CellResult(cell, contender, rounds, ofFloor);
    }
}

/// <summary>The first part of the program: measures, and reports.</summary>
internal static class RequestsRun
{
    public static async Task<int> RunAsync(RequestsArguments arguments, IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Redis is left out: {ContenderNames.NoRedis}\n");
        var report = new Report<EngineResult>("requests", commandLine, TextReport.Of) { FrameBytes = await FrameCost.MeasureAsync() };
        return await report.RunAsync(
            arguments.Folder,
            arguments.Engines,
            async (name, progress) =>
            {
                await using var engine = await BenchmarkEngine.StartAsync(name, arguments.Connection, options: null, cancellationToken);
                return await new EngineRun(name, engine, arguments, progress).RunAsync(cancellationToken);
            },
            static (folder, result) =>
            {
                if (SvgChart.Of(result) is { } chart)
                {
                    File.WriteAllText(Path.Combine(folder.FullName, $"requests-{result.Engine}.svg"), chart);
                }
            });
    }
}
