using System.CommandLine;
using System.Globalization;
using SmartCache.Engines;
using static SmartCache.Engines.ConsoleApp;

namespace SmartCache.Benchmarks;

/// <summary>What the command line asks to be measured of whole requests.</summary>
internal sealed record RequestsArguments(
    IReadOnlyList<string> Engines,
    string? Connection,
    IReadOnlyList<ContenderName> Contenders,
    bool ThroughPgBouncer,
    IReadOnlyList<RequestKind> Kinds,
    IReadOnlyList<int> Payloads,
    int Sessions,
    IReadOnlyList<int> Concurrency,
    double Seconds,
    double WarmUp,
    int Rounds,
    string Folder)
{
    private const string Sqlite = "sqlite";

    public static Command Command(IReadOnlyList<string> commandLine)
    {
        var command = new Command("requests", "Measures whole requests, as the stock session middleware makes them. A list has commas.");
        var quick = command.Flag("--quick", "another set of defaults, for about a minute an engine");
        var engines = command.Setting("--engine", $"list of {string.Join(", ", EngineFamily.Engines)}", ListOf(OneOf(EngineFamily.Engines)), Sqlite);
        var connection = command.Setting<string?>(
            "--connection", $"connection string of a database that has nothing else to do, for one engine other than {Sqlite}; without it a server is started for the run", TextOrNull);
        var contenders = command.Setting(
            "--contenders", $"list of {string.Join(", ", ContenderName.Known)}; the last is for {Sqlite}", ListOf(OneOf(ContenderName.Known)), "smartcache,floor,baseline");
        var pool = command.Setting("--pool", "list of SmartCache's Maximum Pool Size, each measured as a contender; for servers", OrDefault(ListOf(Whole(1, 10_000))));
        var coalescing = command.Setting("--coalescing", "list of SmartCache's connections for shared statements, each measured as a contender", OrDefault(ListOf(Whole(0, 1_000))));
        var through = command.Setting("--through", "pgbouncer, which then stands before PostgreSQL", static text => text is "" ? text : OneOf(["pgbouncer"])(text));
        var kinds = command.Setting("--requests", "list of kinds", ListOf(RequestKinds.Find), RequestKinds.Names);
        var payloads = command.Setting("--payload", "list of sizes of a session: bytes, or with k", ListOf(Bytes), "1k,16k", "1k", quick);
        var sessions = command.Setting("--sessions", "rows in the table", Whole(1_000, 10_000_000), "100000", "20000", quick);
        var concurrency = command.Setting("--concurrency", "list of requests at a time", ListOf(Whole(1, 1_000)), "1,8,32", "8", quick);
        var timing = new Timing(command, quick, seconds: ("5", "1"), warmUp: ("3", "0.5"));
        command.Run((parsed, token) =>
        {
            var arguments = new RequestsArguments(
                engines.Of(parsed), connection.Of(parsed), [.. Names()], through.Of(parsed) != "", kinds.Of(parsed), payloads.Of(parsed), sessions.Of(parsed),
                concurrency.Of(parsed), timing.Seconds.Of(parsed), timing.WarmUp.Of(parsed), timing.Rounds.Of(parsed), timing.Folder.Of(parsed));
            Refuse(arguments.Connection is not null && arguments.Engines is not [not Sqlite], $"--connection is for one --engine, other than {Sqlite}, which makes a file of its own.");
            Refuse(arguments.Contenders.Any(name => name.Pool is not null) && arguments.Engines.Contains(Sqlite), $"--pool is not for {Sqlite}, where SmartCache does not use the driver's pool.");
            Refuse(arguments.Contenders.Any(name => name.Kind == ContenderName.NeoSmart) && arguments.Engines is not [Sqlite], $"{ContenderName.NeoSmart} is for --engine={Sqlite} alone.");
            Refuse(arguments.ThroughPgBouncer && arguments.Engines.Any(engine => EngineFamily.Of(engine).Dialect != "postgres"), "--through=pgbouncer is for PostgreSQL.");
            return RequestsRun.RunAsync(arguments, commandLine, token);

            IEnumerable<ContenderName> Names() =>
                from kind in contenders.Of(parsed)
                from size in kind == ContenderName.SmartCache ? pool.Of(parsed) : [null]
                from connections in kind == ContenderName.SmartCache ? coalescing.Of(parsed) : [null]
                select new ContenderName(kind, size, connections);
        });
        return command;
    }

    private static void Refuse(bool isWrong, string message)
    {
        if (isWrong)
            throw new UsageException(message);
    }

    /// <summary>A list with nothing but the default if the option is not given.</summary>
    private static Func<string, IReadOnlyList<int?>> OrDefault(Func<string, IReadOnlyList<int>> parse) => text => text is "" ? [null] : [.. parse(text)];

    private static int Bytes(string text) => (int)Size(1024, 512, 1024 * 1024)(text);
}

/// <summary>Measures all cells on one engine: in each of them the contenders one after the other, in each round in another order.</summary>
internal sealed class RequestsRun(string name, BenchmarkEngine engine, RedisStore? redis, RequestsArguments arguments, Progress progress)
{
    private static readonly TimeSpan Rehearsal = TimeSpan.FromSeconds(0.2);

    private readonly Dictionary<(Cell Cell, ContenderName Contender), List<Measurement>> _measured = [];

    public static async Task<int> RunAsync(RequestsArguments arguments, IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        var report = new Report<EngineResult>("requests", commandLine, EngineResult.Text) { FrameBytes = await FrameCost.MeasureAsync() };
        return await report.RunAsync(
            arguments.Folder,
            arguments.Engines,
            async (name, progress) =>
            {
                await using var engine = await BenchmarkEngine.StartAsync(name, arguments.Connection, options: null, cancellationToken, arguments.ThroughPgBouncer);
                await using var redis = arguments.Contenders.Any(contender => contender.Kind == ContenderName.Redis) ? await RedisStore.StartAsync(cancellationToken) : null;
                return await new RequestsRun(name, engine, redis, arguments, progress).RunAsync(cancellationToken);
            },
            static (folder, result) =>
            {
                if (SvgChart.Of(result) is { } chart)
                    File.WriteAllText(Path.Combine(folder.FullName, $"requests-{result.Engine}.svg"), chart);
            });
    }

    private async Task<EngineResult> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var payload in arguments.Payloads)
            await RunAsync(payload, cancellationToken);

        var results = _measured.Select(entry => Result(entry.Key.Cell, entry.Key.Contender, entry.Value));
        return new EngineResult(name, engine.Description, redis is null ? engine.HowCounted : $"{engine.HowCounted}\n\n{redis.HowCounted}", [.. results]);
    }

    private async Task RunAsync(int payload, CancellationToken cancellationToken)
    {
        var population = new Population(arguments.Sessions, new SamplePayload(payload));
        var runners = arguments.Contenders.ToDictionary(name => name, name => new CellRunner(name, name.Kind == ContenderName.Redis ? redis! : engine.OpenTable(name), population));
        try
        {
            foreach (var (contender, runner) in runners)
            {
                progress.Say($"{engine.Description}: filling {contender} with {arguments.Sessions:N0} sessions of {payload:N0} bytes");
                await runner.Store.FillAsync(population, cancellationToken);
            }

            await engine.NoteOwnConnectionsAsync(cancellationToken);
            Cell[] cells = [.. from kind in arguments.Kinds from concurrency in arguments.Concurrency select new Cell(kind, payload, concurrency)];
            await RehearseAsync(runners, cells, cancellationToken);
            for (var round = 0; round < arguments.Rounds; round++)
            {
                foreach (var cell in cells)
                    await RunAsync(cell, round, runners, cancellationToken);
            }
        }
        finally
        {
            // Redis runs until the end.
            foreach (var runner in runners.Values.Where(runner => runner.Store != redis))
                await runner.Store.DisposeAsync();
        }
    }

    /// <summary>Compiles what will be measured, and finds out early whether every contender does its work.</summary>
    private async Task RehearseAsync(Dictionary<ContenderName, CellRunner> runners, Cell[] cells, CancellationToken cancellationToken)
    {
        progress.Say("Rehearsing");
        foreach (var cell in cells.DistinctBy(cell => cell.Kind))
        {
            foreach (var runner in runners.Values)
                await runner.RunAsync(cell, Rehearsal / 2, Rehearsal / 2, cancellationToken);
        }
    }

    private async Task RunAsync(Cell cell, int round, Dictionary<ContenderName, CellRunner> runners, CancellationToken cancellationToken)
    {
        var names = arguments.Contenders;
        for (var i = 0; i < names.Count; i++)
        {
            var contender = names[(i + round) % names.Count];
            progress.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round + 1} of {arguments.Rounds}, {RequestKinds.NameOf(cell.Kind)}, {cell.Payload:N0} B, {cell.Concurrency} at a time: {contender}"));
            if (!_measured.TryGetValue((cell, contender), out var rounds))
                _measured.Add((cell, contender), rounds = []);

            var (warmUp, duration) = (TimeSpan.FromSeconds(arguments.WarmUp), TimeSpan.FromSeconds(arguments.Seconds));
            rounds.Add(await runners[contender].RunAsync(cell, warmUp, duration, cancellationToken));
        }
    }

    private CellResult Result(Cell cell, ContenderName contender, List<Measurement> rounds)
    {
        double? ofFloor = _measured.TryGetValue((cell, new ContenderName(ContenderName.Floor)), out var floor)
            ? Figures.Median(rounds.Zip(floor, (own, least) => own["requests/s"]!.Value / least["requests/s"]!.Value))
            : null;
        return new CellResult(cell, $"{contender}", rounds, ofFloor);
    }
}

/// <summary>What is measured, for every contender.</summary>
internal sealed record Cell(RequestKind Kind, int Payload, int Concurrency);

/// <summary>One contender in one cell. OfFloor is its requests per second as a share of the floor's in the same round, as the median over rounds.</summary>
internal sealed record CellResult(Cell Cell, string Contender, IReadOnlyList<Measurement> Rounds, double? OfFloor)
{
    public Measurement Median { get; } = Measurement.Median(Rounds);
}

/// <summary>All that was measured on one engine.</summary>
internal sealed record EngineResult(string Engine, string Description, string HowCounted, IReadOnlyList<CellResult> Cells)
{
    private static readonly Column<(CellResult Result, bool IsFirst)>[] Columns =
    [
        new("request", static row => row.IsFirst ? RequestKinds.NameOf(row.Result.Cell.Kind) : "", IsWord: true),
        new("contender", static row => row.Result.Contender, IsWord: true),
        Of("requests/s", Figures.Whole),
        new("of floor", static row => row.Result.OfFloor is { } ofFloor ? Figures.Number(ofFloor) : ""),
        Of("p50 ms", Figures.Number), Of("p99 ms", Figures.Number), Of("longest ms", Figures.Number),
        new("longest/p50", static row => Figures.Number((row.Result.Median["longest ms"] / row.Result.Median["p50 ms"])!.Value)),
        Of("connections", Figures.Whole), Of("allocated B", Figures.Whole), Of("statements", Figures.Number), Of("begin, commit", Figures.Number),
        Of("rows written", Figures.Number), Of("log B", Figures.Whole),
        Of("lost", Figures.Share), Of("touched", Figures.Share),
    ];

    /// <summary>Tables, one for each size of session and number of requests at a time.</summary>
    public static string Text(EngineResult engine, bool isMarkdown)
    {
        var tables = engine.Cells
            .GroupBy(result => (result.Cell.Payload, result.Cell.Concurrency))
            .Select(group =>
                $"""
                {(isMarkdown ? "### " : "")}{Figures.Whole(group.Key.Payload)} bytes, {group.Key.Concurrency} at a time

                {TextTable.Of(group.GroupBy(result => result.Cell.Kind).SelectMany(kind => kind.Select((result, i) => (result, i == 0))), isMarkdown, Columns)}
                """);
        var errors =
            from result in engine.Cells
            let failed = result.Rounds.Sum(round => round["errors"])
            where failed > 0
            select $"{result.Contender}, {RequestKinds.NameOf(result.Cell.Kind)}, {result.Cell.Concurrency} at a time: {failed} requests failed.\n";
        return
            $"""
            {(isMarkdown ? "## " : "")}{engine.Description}

            {string.Join("\n\n", tables)}

            {engine.HowCounted}
            {string.Concat(errors)}
            """;
    }

    private static Column<(CellResult Result, bool IsFirst)> Of(string name, Func<double, string> format) =>
        new(name, row => row.Result.Median[name] is { } figure ? format(figure) : "");
}
