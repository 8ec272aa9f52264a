using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Engines.MySql;
using SmartCache.Benchmarks.Engines.Postgres;
using SmartCache.Benchmarks.Engines.Sqlite;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Engines;

internal static class KnownEngines
{
    public const string Default = "sqlite";

    private static readonly Dictionary<string, Func<string?, EngineOptions?, CancellationToken, Task<BenchmarkEngine>>> Engines = new(StringComparer.OrdinalIgnoreCase)
    {
        [Default] = static (_, _, _) => Task.FromResult<BenchmarkEngine>(new SqliteEngine()),
        ["postgres"] = static async (connection, options, token) => await PostgresEngine.StartAsync(await ServerAsync(EngineName.Postgres, connection, options, token), token),
        ["mariadb"] = static async (connection, options, token) => await MySqlFamilyEngine.StartAsync("MariaDB", await ServerAsync(EngineName.MariaDb, connection, options, token), token),
        ["mysql"] = static async (connection, options, token) => await MySqlFamilyEngine.StartAsync("MySQL", await ServerAsync(EngineName.MySql, connection, options, token), token),
    };

    public static string Names => string.Join(", ", Engines.Keys);

    /// <exception cref="UsageException">There is no such engine.</exception>
    public static string Find(string option, string name) =>
        Engines.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"{option} does not know '{name}'. Known: {Names}.");

    /// <param name="name">The engine.</param>
    /// <param name="connection">A database that is there; null to start a server.</param>
    /// <param name="options">What is to be different about a server that is started; null for nothing.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<BenchmarkEngine> StartAsync(string name, string? connection, EngineOptions? options, CancellationToken cancellationToken) =>
        Engines[name](connection, options, cancellationToken);

    /// <summary>A server with the durability that it ships with.</summary>
    private static async Task<Server> ServerAsync(EngineName name, string? connection, EngineOptions? options, CancellationToken cancellationToken)
    {
        if (connection is not null)
        {
            return new Server(connection, null);
        }

        var started = await EngineServer.StartAsync(name, options, cancellationToken);
        return new Server(started.ConnectionString, started);
    }
}
