using System.CommandLine;
using SmartCache.Benchmarks.Requests;
using SmartCache.Engines;
using static SmartCache.Engines.ConsoleApp;

namespace SmartCache.Benchmarks.Growth;

/// <summary>What the command line asks to be measured of large tables.</summary>
/// <param name="Engines">The servers.</param>
/// <param name="Rows">The sizes.</param>
/// <param name="Sweep">How many expired rows are removed, from among as many live ones; 0 for none.</param>
/// <param name="Concurrency">Operations at a time.</param>
/// <param name="Seconds">How long a cell is measured.</param>
/// <param name="WarmUp">How long the same load goes on before.</param>
/// <param name="Rounds">Rounds.</param>
/// <param name="Folder">Where the report goes.</param>
internal sealed record GrowthArguments(
    IReadOnlyList<string> Engines, IReadOnlyList<long> Rows, long Sweep, int Concurrency, double Seconds, double WarmUp, int Rounds, string Folder)
{
    private const long MostRows = 1_000_000_000;

    public static Command Command(Func<GrowthArguments, CancellationToken, Task<int>> run)
    {
        var command = new Command(
            "growth",
            "Single rows of small and large tables by several kinds of keys, and the removal of expired rows. The servers are started for the run, with a buffer of up to half of the machine's memory.");
        var quick = command.Flag("--quick", "another set of defaults, for about a minute");
        var engines = command.Setting("--engine", $"list of {string.Join(", ", GrowthServers.Names)}", ListOf(OneOf(GrowthServers.Names)), "postgres");
        var rows = command.Setting("--rows", "list of sizes of the tables; all are there at once", ListOf(Size(1_000, 1_000, MostRows)), "10k,1m,10m", "1k,10k", quick);
        var sweep = command.Setting("--sweep", "expired rows to remove from among as many live ones; 0 leaves it out", Size(1_000, 0, MostRows), "1m", "10k", quick);
        var concurrency = command.Setting("--concurrency", "operations at a time", Whole(1, 256), "8");
        var seconds = command.Setting("--seconds", "how long each cell is measured", SecondsFrom(0.1), "2", "0.3", quick);
        var warmUp = command.Setting("--warmup", "seconds of the same load before", SecondsFrom(0), "0.3", "0.1", quick);
        var rounds = command.Setting("--rounds", "rounds; the medians are reported", Whole(1, 99), "3", "1", quick);
        var folder = command.Setting("--out", "folder for the tables and the JSON", Text, RequestsArguments.DefaultFolder);
        command.Run((parsed, token) => run(
            new GrowthArguments(
                engines.Of(parsed), [.. rows.Of(parsed).Order()], sweep.Of(parsed), concurrency.Of(parsed), seconds.Of(parsed), warmUp.Of(parsed), rounds.Of(parsed), folder.Of(parsed)),
            token));
        return command;
    }
}
