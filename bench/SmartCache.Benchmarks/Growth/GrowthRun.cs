using System.CommandLine;
using System.Globalization;
using SmartCache.Engines;
using static SmartCache.Engines.ConsoleApp;

namespace SmartCache.Benchmarks;

/// <summary>What the command line asks to be measured of large tables. Sweep is how many expired rows are removed, from among as many live ones.</summary>
internal sealed record GrowthArguments(
    IReadOnlyList<string> Engines, IReadOnlyList<long> Rows, long Sweep, int Concurrency, double Seconds, double WarmUp, int Rounds, string Folder)
{
    private const long MostRows = 1_000_000_000;

    public static Command Command(IReadOnlyList<string> commandLine)
    {
        var command = new Command(
            "growth",
            "Measures single rows of small and large tables by several kinds of keys, and the removal of expired rows. "
            + "The servers are started for the run, with a buffer of up to half of the machine's memory.");
        var quick = command.Flag("--quick", "another set of defaults, for about a minute");
        var engines = command.Setting("--engine", $"list of {string.Join(", ", GrowthRun.Servers)}", ListOf(OneOf(GrowthRun.Servers)), "postgres");
        var rows = command.Setting("--rows", "list of sizes; all tables exist at once", ListOf(Size(1_000, 1_000, MostRows)), "10k,1m,10m", "1k,10k", quick);
        var sweep = command.Setting("--sweep", "expired rows to remove from among as many live ones; 0 leaves it out", Size(1_000, 0, MostRows), "1m", "10k", quick);
        var concurrency = command.Setting("--concurrency", "operations at a time", Whole(1, 256), "8");
        var timing = new Timing(command, quick, seconds: ("2", "0.3"), warmUp: ("0.3", "0.1"));
        command.Run((parsed, token) => GrowthRun.RunAsync(
            new GrowthArguments(
                engines.Of(parsed), [.. rows.Of(parsed).Order()], sweep.Of(parsed), concurrency.Of(parsed),
                timing.Seconds.Of(parsed), timing.WarmUp.Of(parsed), timing.Rounds.Of(parsed), timing.Folder.Of(parsed)),
            commandLine,
            token));
        return command;
    }
}

/// <summary>
/// Measures what happens to a statement when the table grows. The servers' buffer may take half of the machine's memory,
/// so that it holds all the data. Durability is as they ship; the log is large, so that filling tables does not wait for it.
/// </summary>
internal static class GrowthRun
{
    private static readonly Dictionary<string, (string[] Arguments, Func<BenchmarkEngine, GrowthDatabase> Create)> Known = new()
    {
        ["postgres"] = (["--shared_buffers={0}MB", "--max_wal_size=16GB"], static engine => new PostgresGrowth(engine)),
        ["mariadb"] = (["--innodb-buffer-pool-size={0}M", "--innodb-log-file-size=4G", "--innodb-io-capacity=10000"], static engine => new MySqlGrowth(engine)),
        ["mysql"] = (["--innodb-buffer-pool-size={0}M", "--innodb-redo-log-capacity=4G", "--innodb-io-capacity=10000"], static engine => new MySqlGrowth(engine)),
    };

    public static IReadOnlyCollection<string> Servers => Known.Keys;

    public static Task<int> RunAsync(GrowthArguments arguments, IReadOnlyList<string> commandLine, CancellationToken cancellationToken) =>
        new Report<GrowthResult>("growth", commandLine, GrowthResult.Text).RunAsync(arguments.Folder, arguments.Engines, async (name, progress) =>
        {
            var megabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / (1 << 20);
            string[] server = [.. Known[name].Arguments.Select(argument => string.Format(CultureInfo.InvariantCulture, argument, megabytes))];
            var options = new EngineOptions { ServerArguments = server };
            await using var database = Known[name].Create(await BenchmarkEngine.StartAsync(name, connection: null, options, cancellationToken));
            var (sizes, lookups) = await new LookupRun(database, arguments, progress).RunAsync(cancellationToken);
            var sweep = arguments.Sweep == 0 ? null : await new SweepRun(database, arguments, progress).RunAsync(cancellationToken);
            return new GrowthResult(name, database.Engine.Description, server, database.Engine.HowCounted, arguments.Concurrency, sizes, lookups, sweep);
        });
}

/// <summary>All that was measured on one engine. Sweep is null if it was left out.</summary>
internal sealed record GrowthResult(
    string Engine, string Description, IReadOnlyList<string> ServerArguments, string HowCounted, int Concurrency,
    IReadOnlyList<TableSize> Sizes, IReadOnlyList<LookupResult> Lookups, SweepResult? Sweep)
{
    private static readonly Column<TableSize>[] SizeColumns =
    [
        new("layout", static size => size.Layout, IsWord: true),
        new("key", static size => size.Key, IsWord: true),
        new("rows", static size => Figures.Whole(size.Rows)),
        new("table MB", static size => Figures.Megabytes(size.TableBytes)),
        new("index MB", static size => Figures.Megabytes(size.IndexBytes)),
        new("B a row", static size => Figures.Whole((size.TableBytes + size.IndexBytes) / (double)size.Rows)),
        new("inserted/s", static size => Figures.Whole(size.Rows / size.FillSeconds)),
    ];

    private static readonly Column<LookupResult>[] LookupColumns =
    [
        new("operation", static result => Figures.NameOf(result.Cell.Operation), IsWord: true),
        new("layout", static result => result.Cell.Layout, IsWord: true),
        new("rows", static result => Figures.Whole(result.Cell.Rows)),
        Of("per second", Figures.Whole),
        Of("µs", Figures.Number),
        new("× fewest rows", static result => Figures.Number(result.OfSmallest)),
        new("× crc-key", static result => Figures.Number(result.OfOwn)),
        Of("pages", Figures.Number), Of("not in buffer", Figures.Number), Of("log B", Figures.Whole),
    ];

    private static readonly Column<SweepPass>[] PassColumns =
    [
        new("pass", static pass => pass.Name, IsWord: true),
        new("removed", static pass => Figures.Whole(pass.Removed)),
        new("seconds", static pass => pass.Seconds.ToString("0.00", CultureInfo.InvariantCulture)),
        new("statements", static pass => pass.Counts is { } counts ? Figures.Whole(counts.Statements) : ""),
        new("log MB", static pass => pass.Counts is { } counts ? Figures.Megabytes(counts.LogBytes) : ""),
    ];

    private static readonly Column<SweepTraffic>[] TrafficColumns =
    [
        new("traffic", static traffic => traffic.Kind, IsWord: true),
        new("sweep", static traffic => traffic.When, IsWord: true),
        new("requests/s", static traffic => Figures.Whole(traffic.RequestsPerSecond)),
        new("p50 ms", static traffic => Figures.Number(traffic.P50Ms)),
        new("p99 ms", static traffic => Figures.Number(traffic.P99Ms)),
        new("requests", static traffic => Figures.Whole(traffic.Requests)),
    ];

    public static string Text(GrowthResult result, bool isMarkdown)
    {
        string Heading(string text) => isMarkdown ? $"### {text}" : text;
        return
            $"""
            {(isMarkdown ? "## " : "")}{result.Description}, {string.Join(' ', result.ServerArguments)}

            {Heading("Tables")}

            {TextTable.Of(result.Sizes, isMarkdown, SizeColumns)}

            {Heading($"Single rows, {result.Concurrency} at a time (inside: one)")}

            {TextTable.Of(result.Lookups, isMarkdown, LookupColumns)}

            {result.HowCounted}
            {(result.Sweep is not { } sweep ? "" :
                $"""

                {Heading($"{sweep.Rows:N0} expired rows among as many live ones of {sweep.Payload} bytes")}

                {TextTable.Of(sweep.Passes, isMarkdown, PassColumns)}

                {TextTable.Of(sweep.Traffic, isMarkdown, TrafficColumns)}

                """)}
            """;
    }

    private static Column<LookupResult> Of(string name, Func<double, string> format) => new(name, result => format(result.Median[name]!.Value));
}
