using System.Data.Common;

namespace SmartCache.Engines;

/// <summary>A database that is there: one that was started for the caller, and goes when this is disposed, or somebody else's.</summary>
public sealed class Database : IAsyncDisposable
{
    private readonly string _connectionString;
    private DirectoryInfo? _folder;
    private SmallDisk? _disk;

    private Database(string engine, string connectionString = "") => (Engine, Family, _connectionString) = (engine, EngineFamily.Of(engine), connectionString);

    /// <summary>The engine's name, such as <c>mariadb-10.11</c>.</summary>
    public string Engine { get; }

    public EngineFamily Family { get; }

    /// <summary>The server that was started; null if the database is in the caller's process, or somebody else's.</summary>
    public EngineServer? Server { get; private init; }

    public string ConnectionString => Server?.ConnectionString ?? (Folder is { } folder ? $"Data Source={Path.Combine(folder, "sessions.db")}" : _connectionString);

    /// <summary>Where the database's own disk is mounted; null if it has none of its own.</summary>
    public string? Disk => Server?.Disk ?? _disk?.Folder;

    /// <summary>Where the file is, of an engine that has no server.</summary>
    public string? Folder => _disk?.Folder ?? _folder?.FullName;

    /// <summary>A database of somebody else's.</summary>
    public static Database At(string engine, string connectionString) => new(engine, connectionString);

    /// <summary>Starts a server (<see cref="EngineServer.StartAsync"/>), or makes a folder for a file.</summary>
    public static async Task<Database> StartAsync(string engine, EngineOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (EngineFamily.Of(engine) is not SqliteFamily)
        {
            return new Database(engine) { Server = await EngineServer.StartAsync(engine, options, cancellationToken) };
        }

        return options?.DiskSize is { } size
            ? new Database(engine) { _disk = await SmallDisk.OpenAsync(size) }
            : new Database(engine) { _folder = Directory.CreateTempSubdirectory("smartcache-") };
    }

    /// <summary>The connection string of one of several caches that are compared: a file each, or a table each in one database.</summary>
    public string ConnectionStringOf(string contender) =>
        Folder is { } folder ? $"Data Source={Path.Combine(folder, $"{contender}.db")}" : ConnectionString;

    /// <summary>Begins to count what the database does.</summary>
    /// <exception cref="UsageException">The connection string that was given leads to no database that can count.</exception>
    public async Task<StatementCounter> OpenCounterAsync(CounterOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await Family.OpenCounterAsync(ConnectionString, options, cancellationToken);
        }
        catch (Exception exception) when (_connectionString != "" && exception is DbException or ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UsageException($"--connection leads to no database: {exception.Message}");
        }
    }

    /// <summary>A connection that no cache knows of.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = Family.Driver.CreateConnection()!;
        connection.ConnectionString = $"{ConnectionString};Pooling=False";
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Runs a statement and gives its rows, each as text with a blank between columns.</summary>
    public async Task<List<string>> ListAsync(string text)
    {
        await using var connection = await OpenAsync();
        return await ListAsync(connection, text);
    }

    /// <summary>Runs a statement on a connection and gives its rows, each as text with a blank between columns.</summary>
    public static async Task<List<string>> ListAsync(DbConnection connection, string text, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        }

        return rows;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Family.ClearPools();
        _folder?.Delete(recursive: true);
        if (_disk is not null)
            await _disk.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
