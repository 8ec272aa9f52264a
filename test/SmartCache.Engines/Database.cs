using System.Data.Common;

namespace SmartCache.Engines;

/// <summary>A running database: one started for the caller, which ends when this is disposed, or one that somebody else runs.</summary>
public sealed class Database : IAsyncDisposable
{
    private readonly string _connectionString;
    private DirectoryInfo? _folder;
    private SmallDisk? _disk;

    private Database(string engine, string connectionString = "") => (Engine, Family, _connectionString) = (engine, EngineFamily.Of(engine), connectionString);

    /// <summary>The engine's name, such as <c>mariadb-10.11</c>.</summary>
    public string Engine { get; }
    public EngineFamily Family { get; }

    /// <summary>The server that was started; null for SQLite, and for a database that somebody else runs.</summary>
    public EngineServer? Server { get; private init; }
    public string ConnectionString => Server?.ConnectionString ?? (Folder is { } folder ? $"Data Source={Path.Combine(folder, "sessions.db")}" : _connectionString);

    /// <summary>The mount point of the database's own disk; null if it has none.</summary>
    public string? Disk => Server?.Disk ?? _disk?.Folder;

    /// <summary>The folder of SQLite's files; null for a server.</summary>
    public string? Folder => _disk?.Folder ?? _folder?.FullName;

    /// <summary>A database that somebody else runs.</summary>
    public static Database At(string engine, string connectionString) => new(engine, connectionString);

    /// <summary>The database of a connection string. Without one, starts a database.</summary>
    public static async Task<Database> OpenAsync(string engine, string? connectionString, EngineOptions? options, CancellationToken cancellationToken) =>
        connectionString is null ? await StartAsync(engine, options, cancellationToken) : At(engine, connectionString);

    /// <summary>Starts a server (<see cref="EngineServer.StartAsync"/>), or creates a folder for SQLite's files.</summary>
    public static async Task<Database> StartAsync(string engine, EngineOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (EngineFamily.Of(engine) is not SqliteFamily)
            return new Database(engine) { Server = await EngineServer.StartAsync(engine, options, cancellationToken) };

        return options?.DiskSize is { } size
            ? new Database(engine) { _disk = await SmallDisk.OpenAsync(size) }
            : new Database(engine) { _folder = Directory.CreateTempSubdirectory("smartcache-") };
    }

    /// <summary>The connection string of one of several caches that are compared: each has a file of its own on SQLite, and a table in one database elsewhere.</summary>
    public string ConnectionStringOf(string contender) =>
        Folder is { } folder ? $"Data Source={Path.Combine(folder, $"{contender}.db")}" : ConnectionString;

    /// <summary>Opens a counter of everything the database does.</summary>
    /// <exception cref="UsageException">The given connection string leads to no database of this engine.</exception>
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

    /// <summary>Opens a connection that no cache uses.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = Family.Driver.CreateConnection()!;
        connection.ConnectionString = $"{ConnectionString};Pooling=False";
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Runs a statement and returns its rows as text, with a space between columns.</summary>
    public async Task<List<string>> ListAsync(string text)
    {
        await using var connection = await OpenAsync();
        return await ListAsync(connection, text);
    }

    /// <summary>Runs a statement on a connection and returns its rows as text, with a space between columns.</summary>
    public static async Task<List<string>> ListAsync(DbConnection connection, string text, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));

        return rows;
    }

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

/// <summary>Starts what must not be left behind half-started.</summary>
public static class Starting
{
    /// <summary>Runs the start of an object, and disposes the object if that fails.</summary>
    public static async Task<T> StartedAsync<T>(this T owned, Func<T, Task> startAsync)
        where T : IAsyncDisposable
    {
        try
        {
            await startAsync(owned);
            return owned;
        }
        catch
        {
            await owned.DisposeAsync();
            throw;
        }
    }
}
