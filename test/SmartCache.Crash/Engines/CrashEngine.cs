using System.Data.Common;
using SmartCache.Engines;

namespace SmartCache.Crash.Engines;

/// <summary>A database to be killed: how it is started, harmed from outside, and looked at afterwards.</summary>
internal abstract class CrashEngine : IAsyncDisposable
{
    /// <summary>The engines that are killed unless one is named: the newest of each.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sqlite", "postgres", "mariadb", "mysql"];

    /// <summary>The name that the app knows it by.</summary>
    public abstract string Name { get; }

    /// <summary>How to connect.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>The database's own disk; null if there is none.</summary>
    public virtual string? Disk => null;

    /// <summary>The server; null if the database is in the app's own processes.</summary>
    public virtual EngineServer? Server => null;

    protected abstract DbProviderFactory Driver { get; }

    public static CrashEngine Of(string name) => name switch
    {
        "sqlite" => new SqliteCrashEngine(),
        _ => EngineNames.Parse(name) is EngineName.Postgres or EngineName.Postgres15
            ? new PostgresCrashEngine(EngineNames.Parse(name))
            : new MySqlCrashEngine(EngineNames.Parse(name)),
    };

    /// <summary>Starts it, on a disk of its own where that is possible.</summary>
    public abstract Task StartAsync(long diskSize);

    /// <summary>How a process of the app connects.</summary>
    public virtual string ConnectionStringOf(int process) => ConnectionString;

    /// <summary>Has the database close the app's connections, whatever they are doing.</summary>
    public virtual Task CloseConnectionsAsync() => throw new NotSupportedException("There is nobody who could.");

    /// <summary>What the database's own check finds wrong with the table.</summary>
    public abstract Task<IReadOnlyList<string>> FindDamageAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>A connection that nothing of the app's goes over.</summary>
    public Task<DbConnection> OpenAsync() => OpenAsync(ConnectionString);

    /// <summary>Runs a statement and gives its rows, each as text.</summary>
    public async Task<List<string>> ListAsync(string text)
    {
        await using var connection = await OpenAsync();
        return await ListAsync(connection, text);
    }

    protected async Task<DbConnection> OpenAsync(string connectionString)
    {
        var connection = Driver.CreateConnection()!;
        connection.ConnectionString = $"{connectionString};Pooling=False";
        await connection.OpenAsync();
        return connection;
    }

    protected static async Task<List<string>> ListAsync(DbConnection connection, string text)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        }

        return rows;
    }
}
