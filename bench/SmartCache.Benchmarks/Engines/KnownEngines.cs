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
        ["postgres"] = static (connection, options, token) => PostgresAsync(EngineName.Postgres, connection, options, token),
        ["postgres-15"] = static (connection, options, token) => PostgresAsync(EngineName.Postgres15, connection, options, token),
        ["mariadb"] = static (connection, options, token) => MySqlFamilyAsync("MariaDB", EngineName.MariaDb, connection, options, token),
        ["mariadb-10.11"] = static (connection, options, token) => MySqlFamilyAsync("MariaDB 10.11", EngineName.MariaDb1011, connection, options, token),
        ["mysql"] = static (connection, options, token) => MySqlFamilyAsync("MySQL", EngineName.MySql, connection, options, token),
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

    private static async Task<BenchmarkEngine> PostgresAsync(EngineName name, string? connection, EngineOptions? options, CancellationToken cancellationToken) =>
        await PostgresEngine.StartAsync(await ServerAsync(name, connection, options, cancellationToken), cancellationToken);

    private static async Task<BenchmarkEngine> MySqlFamilyAsync(
        string title, EngineName name, string? connection, EngineOptions? options, CancellationToken cancellationToken) =>
        await MySqlFamilyEngine.StartAsync(title, await ServerAsync(name, connection, options, cancellationToken), cancellationToken);

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
