using System.Globalization;
using System.Text.Json.Serialization;
using SmartCache.Benchmarks.Reports;
using SmartCache.Benchmarks.Requests;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Growth;

/// <summary>The second part of the program: what becomes of a statement when the table grows.</summary>
internal static class GrowthRun
{
    public static Task<int> RunAsync(GrowthArguments arguments, IReadOnlyList<string> commandLine, CancellationToken cancellationToken) =>
        new Report<GrowthResult>("growth", commandLine, GrowthText.Of).RunAsync(arguments.Folder, arguments.Engines, async (name, progress) =>
        {
            await using var database = await GrowthServers.StartAsync(name, cancellationToken);
            var (sizes, lookups) = await new LookupRun(database, arguments, progress).RunAsync(cancellationToken);
            var sweep = arguments.Sweep == 0 ? null : await new SweepRun(database, arguments, progress).RunAsync(cancellationToken);
            return new GrowthResult(
                name, database.Engine.Description, GrowthServers.ArgumentsOf(name), database.Engine.HowCounted, arguments.Concurrency, database.Layouts, sizes, lookups, sweep);
        });
}

/// <summary>
/// Servers whose buffer may take half of the machine's memory, so that it holds all the data. Durability is as they
/// ship; the log is large, so that filling tables does not wait for it to be folded.
/// </summary>
internal static class GrowthServers
{
    private static readonly Dictionary<string, (string[] Arguments, Func<BenchmarkEngine, GrowthDatabase> Create)> Servers = new()
    {
        ["postgres"] = (["--shared_buffers={0}MB", "--max_wal_size=16GB"], static engine => new PostgresGrowth(engine)),
        ["mariadb"] = (["--innodb-buffer-pool-size={0}M", "--innodb-log-file-size=4G", "--innodb-io-capacity=10000"], static engine => new MySqlGrowth(engine)),
        ["mysql"] = (["--innodb-buffer-pool-size={0}M", "--innodb-redo-log-capacity=4G", "--innodb-io-capacity=10000"], static engine => new MySqlGrowth(engine)),
    };

    public static IReadOnlyCollection<string> Names => Servers.Keys;

    public static string[] ArgumentsOf(string name)
    {
        var megabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / (1 << 20);
        return [.. Servers[name].Arguments.Select(argument => string.Format(CultureInfo.InvariantCulture, argument, megabytes))];
    }

    public static async Task<GrowthDatabase> StartAsync(string name, CancellationToken cancellationToken)
    {
        var options = new EngineOptions { ServerArguments = ArgumentsOf(name) };
        return Servers[name].Create(await BenchmarkEngine.StartAsync(name, connection: null, options, cancellationToken));
    }
}

/// <summary>All that was measured on one engine.</summary>
/// <param name="Engine">Its name on the command line.</param>
/// <param name="Description">The engine and its version.</param>
/// <param name="ServerArguments">How the server was started.</param>
/// <param name="HowCounted">What the columns of counts mean here.</param>
/// <param name="Concurrency">Operations at a time.</param>
/// <param name="Layouts">The kinds of keys.</param>
/// <param name="Sizes">The tables.</param>
/// <param name="Lookups">Single rows.</param>
/// <param name="Sweep">The removal of expired rows; null if left out.</param>
internal sealed record GrowthResult(
    string Engine,
    string Description,
    IReadOnlyList<string> ServerArguments,
    string HowCounted,
    int Concurrency,
    [property: JsonIgnore] IReadOnlyList<Layout> Layouts,
    IReadOnlyList<TableSize> Sizes,
    IReadOnlyList<LookupResult> Lookups,
    SweepResult? Sweep);
