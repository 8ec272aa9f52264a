using System.CommandLine;
using SmartCache.Engines;
using static SmartCache.Engines.ConsoleApp;

namespace SmartCache.Benchmarks.Requests;

/// <summary>What the command line asks to be measured of whole requests.</summary>
internal sealed record RequestsArguments(
    IReadOnlyList<string> Engines,
    string? Connection,
    IReadOnlyList<string> Contenders,
    IReadOnlyList<RequestKind> Kinds,
    IReadOnlyList<int> Payloads,
    int Sessions,
    IReadOnlyList<int> Concurrency,
    double Seconds,
    double WarmUp,
    int Rounds,
    string Folder)
{
    public const string DefaultFolder = "artifacts/bench";

    private const string Sqlite = "sqlite";

    public static Command Command(Func<RequestsArguments, CancellationToken, Task<int>> run)
    {
        var command = new Command("requests", "Whole requests on a database, each as the stock session middleware makes it. A list has commas.");
        var quick = command.Flag("--quick", "another set of defaults, for about a minute an engine");
        var engines = command.Setting("--engine", $"list of {string.Join(", ", EngineFamily.Engines)}", ListOf(OneOf(EngineFamily.Engines)), Sqlite);
        var connection = command.Setting<string?>(
            "--connection", $"connection string of a database that has nothing else to do, for one engine other than {Sqlite}; without it a server is started for the run", TextOrNull);
        var contenders = command.Setting("--contenders", "list of contenders", ListOf(ContenderNames.Find), ContenderNames.All);
        var kinds = command.Setting("--requests", "list of kinds", ListOf(RequestKinds.Find), RequestKinds.Names);
        var payloads = command.Setting("--payload", "list of sizes of a session: bytes, or with k", ListOf(Bytes), "1k,16k", "1k", quick);
        var sessions = command.Setting("--sessions", "rows in the table", Whole(1_000, 10_000_000), "100000", "20000", quick);
        var concurrency = command.Setting("--concurrency", "list of requests at a time", ListOf(Whole(1, 256)), "1,8,32", "8", quick);
        var seconds = command.Setting("--seconds", "how long each cell is measured", SecondsFrom(0.1), "5", "1", quick);
        var warmUp = command.Setting("--warmup", "seconds of the same load before", SecondsFrom(0), "3", "0.5", quick);
        var rounds = command.Setting("--rounds", "rounds; the medians are reported", Whole(1, 99), "3", "1", quick);
        var folder = command.Setting("--out", "folder for the tables, the chart and the JSON", Text, DefaultFolder);
        command.Run((parsed, token) =>
        {
            var arguments = new RequestsArguments(
                engines.Of(parsed), connection.Of(parsed), contenders.Of(parsed), kinds.Of(parsed), payloads.Of(parsed), sessions.Of(parsed),
                concurrency.Of(parsed), seconds.Of(parsed), warmUp.Of(parsed), rounds.Of(parsed), folder.Of(parsed));
            return arguments.Connection is null || (arguments.Engines is [var engine] && engine != Sqlite)
                ? run(arguments, token)
                : throw new UsageException($"--connection is for one --engine, other than {Sqlite}, which makes a file of its own.");
        });
        return command;
    }

    private static int Bytes(string text) => (int)Size(1024, 512, 1024 * 1024)(text);
}
