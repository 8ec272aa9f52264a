using RaceLab.CommandLine;
using RaceLab.Engines.MySql;
using RaceLab.Engines.Postgres;
using RaceLab.Engines.Sqlite;

namespace RaceLab.Engines;

internal static class KnownEngines
{
    public const string Default = "sqlite";

    private static readonly Dictionary<string, Func<string?, LabEngine>> Engines = new(StringComparer.OrdinalIgnoreCase)
    {
        [Default] = connection => connection is null
            ? new SqliteEngine()
            : throw new UsageException("--connection is of no use to sqlite, which makes a file of its own."),
        ["postgres"] = connection => new PostgresEngine(Required("postgres", connection)),
        ["mariadb"] = connection => new MySqlFamilyEngine("MariaDB", Required("mariadb", connection)),
        ["mysql"] = connection => new MySqlFamilyEngine("MySQL", Required("mysql", connection)),
    };

    public static string Names => string.Join(", ", Engines.Keys);

    /// <exception cref="UsageException">There is no such engine, or it cannot do with that connection string.</exception>
    public static LabEngine Create(string name, string? connection) =>
        Engines.TryGetValue(name, out var create)
            ? create(connection)
            : throw new UsageException($"--engine does not know '{name}'. Known: {Names}.");

    private static string Required(string name, string? connection) =>
        connection ?? throw new UsageException($"--engine={name} needs --connection, the connection string of a database to race in.");
}
