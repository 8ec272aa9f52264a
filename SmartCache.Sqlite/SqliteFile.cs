using System.Runtime.InteropServices;

namespace SmartCache.Sqlite;

/// <summary>Opens and configures connections to the database file, and explains why it cannot be used.</summary>
internal sealed class SqliteFile(SmartSqliteCacheOptions options)
{
    private static readonly Lazy<nint> FileControl = new(static () =>
        NativeLibrary.GetExport(NativeLibrary.Load(raw.GetNativeLibraryName(), typeof(SqliteFile).Assembly, null), "sqlite3_file_control"));

    private SqliteLocation? _location;

    /// <summary>Whether the database is in one connection's memory, so that no reader can be beside it. Known once the writer is open.</summary>
    public bool IsInMemory => _location!.IsInMemory;

    /// <summary>Opens the connection that writes, and creates a missing file, readable only by its owner.</summary>
    /// <param name="createsTable">Whether the cache has seen its table already: a missing table must then be created here.</param>
    public StoreConnection OpenWriter(bool createsTable)
    {
        var connection = Create();
        try
        {
            _location!.CreateFile();
            connection.Open();
            if (!IsInMemory)
            {
                RemoveLeftovers(connection, _location.FileName!);
                SwitchToWriteAheadLog(connection);
                Execute(connection, $"PRAGMA synchronous = {(int)options.Synchronous}");
            }

            if (createsTable)
                Execute(connection, options.CreateTableScript());

            return new StoreConnection(connection, Preparation.Kept, movesCommands: false, isAsync: false, CancellationToken.None);
        }
        catch (SqliteException exception) when (Explain(exception) is { } reason)
        {
            var file = connection.DataSource;
            connection.Dispose();
            throw new InvalidOperationException($"The SQLite file '{file}' cannot be used: {reason}.", exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads, beside the writer.</summary>
    public StoreConnection OpenReader()
    {
        var connection = Create();
        try
        {
            connection.Open();
            return new StoreConnection(connection, Preparation.Kept, movesCommands: false, isAsync: false, CancellationToken.None)
            {
                NewCommand = () => new SqliteReadCommand(connection),
            };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the open file of an idle connection no longer has its name, because it was deleted or replaced.</summary>
    public static unsafe bool HasMoved(SqliteConnection connection)
    {
        // SQLite knows this, but the driver has no method for it: https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlhasmoved
        const int hasMovedCode = 20;
        var hasMoved = 0;
        var fileControl = (delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int>)FileControl.Value;

        // On Windows an open file cannot be deleted, and SQLite does not set the answer.
        _ = fileControl(connection.Handle!.DangerousGetHandle(), null, hasMovedCode, &hasMoved);
        return hasMoved != 0;
    }

    private SqliteConnection Create()
    {
        var connection = options.DataSource?.CreateConnection() ?? new SqliteConnection(options.ConnectionString);
        if (connection is not SqliteConnection sqlite)
        {
            var type = connection.GetType();
            connection.Dispose();
            throw new InvalidOperationException(
                $"{nameof(options.DataSource)} opens connections of type {type}; SmartCache.Sqlite needs Microsoft.Data.Sqlite's.");
        }

        _location ??= new SqliteLocation(sqlite.ConnectionString);
        sqlite.ConnectionString = _location.ConnectionString;
        return sqlite;
    }

    /// <summary>
    /// Beside an empty file there may be the log and the index of a deleted one, which SQLite would share with a connection that still has
    /// that file open. While the new file is empty and locked, no other connection uses them.
    /// </summary>
    private static void RemoveLeftovers(SqliteConnection connection, string path)
    {
        if (new FileInfo(path).Length > 0)
            return;

        try
        {
            Execute(connection, "BEGIN EXCLUSIVE");
        }
        catch (SqliteException exception) when (exception.SqliteExtendedErrorCode == raw.SQLITE_IOERR_DELETE_NOENT)
        {
            // SQLite removes the log, too, and another process was faster.
            Execute(connection, "BEGIN EXCLUSIVE");
        }

        if (new FileInfo(path).Length == 0)
        {
            File.Delete($"{path}-wal");
            File.Delete($"{path}-shm");
        }

        Execute(connection, "ROLLBACK");
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
        raw.SQLITE_CANTOPEN => "it or its folder does not exist, or this user may not write there",
        raw.SQLITE_READONLY => "it is read-only for this user",
        raw.SQLITE_NOTADB => "it is not a SQLite database; it was left as it is",
        raw.SQLITE_CORRUPT => "it is damaged; it was left as it is (sqlite3's .recover may help)",
        _ => null,
    };
}
