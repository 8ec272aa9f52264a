using System.Data.Common;
using Microsoft.Data.Sqlite;
using SmartCache.Storage;
using SQLitePCL;

namespace SmartCache.Sqlite;

/// <summary>Opens connections to the database file, sets them up, and says in plain words why it cannot be used.</summary>
internal sealed class SqliteFile(SmartSqliteCacheOptions options)
{
    private const int CantOpen = 14;
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const int ReadOnly = 8;

    /// <summary>Whether the database lives in one connection's memory, so that there can be no second connection.</summary>
    public bool IsInMemory { get; private set; }

    /// <summary>Opens the connection that writes; creates the file where there is none, readable by its owner alone.</summary>
    public StoreConnection OpenWriter()
    {
        CreateFile();
        return Open(connection =>
        {
            IsInMemory = string.IsNullOrEmpty(raw.sqlite3_db_filename(connection.Handle, "main").utf8_to_string());
            if (!IsInMemory)
            {
                SwitchToWriteAheadLog(connection);
                Execute(connection, $"PRAGMA synchronous = {(int)options.Synchronous}");
            }
        });
    }

    /// <summary>Opens a connection that only reads, beside the writer.</summary>
    public StoreConnection OpenReader() => Open(static _ => { });

    private StoreConnection Open(Action<SqliteConnection> setUp)
    {
        DbConnection? connection = null;
        try
        {
            connection = options.DataSource?.CreateConnection() ?? new SqliteConnection(ConnectionString());
            if (connection is not SqliteConnection sqlite)
            {
                throw new InvalidOperationException(
                    $"{nameof(options.DataSource)} opens connections of type {connection.GetType()}; SmartCache.Sqlite needs Microsoft.Data.Sqlite's.");
            }

            sqlite.Open();
            setUp(sqlite);
            return new StoreConnection(sqlite, Preparation.Kept);
        }
        catch (SqliteException exception) when (Explain(exception) is { } reason)
        {
            var file = connection?.DataSource;
            connection?.Dispose();
            throw new InvalidOperationException($"The SQLite file '{file}' cannot be used: {reason}.", exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>The driver's own pool is left out: the connections are held, with their prepared statements.</summary>
    private string ConnectionString() => new SqliteConnectionStringBuilder(options.ConnectionString) { Pooling = false }.ToString();

    private void CreateFile()
    {
        if (options.ConnectionString is null || OperatingSystem.IsWindows())
        {
            return;
        }

        var builder = new SqliteConnectionStringBuilder(options.ConnectionString);
        if (builder.Mode != SqliteOpenMode.ReadWriteCreate || builder.DataSource.StartsWith(':') || builder.DataSource.StartsWith("file:", StringComparison.Ordinal)
            || File.Exists(builder.DataSource) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(builder.DataSource))))
        {
            return;
        }

        // SQLite gives its log and index the mode of the database file. An empty file is an empty database.
        var create = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        try
        {
            using var file = new FileStream(builder.DataSource, create);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new InvalidOperationException($"The SQLite file '{builder.DataSource}' cannot be created in its folder: {exception.Message}", exception);
        }
    }

    private static void SwitchToWriteAheadLog(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        if (command.ExecuteScalar() is not "wal")
        {
            throw new InvalidOperationException(
                $"The SQLite file '{connection.DataSource}' cannot be switched to a write-ahead log, which its readers need beside the writer; is it on a network file system?");
        }
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static string? Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        CantOpen => "its folder does not exist, or this user may not write there",
        ReadOnly => "it is read-only for this user",
        NotADatabase => "it is not a SQLite database; it was left as it is",
        Corrupt => "it is damaged; it was left as it is (sqlite3's .recover may help)",
        _ => null,
    };
}
