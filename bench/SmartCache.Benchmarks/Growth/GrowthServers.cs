using System.Globalization;
using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Engines;
using SmartCache.Benchmarks.Growth.MySql;
using SmartCache.Benchmarks.Growth.Postgres;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Growth;

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

    public static string Names => string.Join(", ", Servers.Keys);

    /// <exception cref="UsageException">There is no such server.</exception>
    public static string Find(string option, string name) =>
        Servers.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"{option} does not know '{name}', or it is no server. Known: {Names}.");

    public static string[] ArgumentsOf(string name)
    {
        var megabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / (1 << 20);
        return [.. Servers[name].Arguments.Select(argument => string.Format(CultureInfo.InvariantCulture, argument, megabytes))];
    }

    public static async Task<GrowthDatabase> StartAsync(string name, CancellationToken cancellationToken)
    {
        var options = new EngineOptions { ServerArguments = ArgumentsOf(name) };
        return Servers[name].Create(await KnownEngines.StartAsync(name, connection: null, options, cancellationToken));
    }
}
