using System.Runtime.CompilerServices;
using SQLitePCL;

namespace RaceLab.Engines.Sqlite;

/// <summary>Counts what SQLite reports of its connections: statements when they end, rows when they change.</summary>
internal sealed class SqliteTrace
{
    // The driver pools native connections, which keep their hooks.
    private readonly ConditionalWeakTable<sqlite3, SqliteTrace> _watched = [];
    private long _statements;
    private long _transactionControl;
    private long _rowsWritten;

    public DatabaseCounts Counts => new(
        Interlocked.Read(ref _statements),
        Interlocked.Read(ref _transactionControl),
        Interlocked.Read(ref _rowsWritten));

    public void Watch(sqlite3 connection)
    {
        if (!_watched.TryAdd(connection, this))
        {
            return;
        }

        // A setting of the connection, not of the file: both caches wait for the disk alike.
        raw.sqlite3_exec(connection, "PRAGMA synchronous = FULL");
        raw.sqlite3_profile(connection, CountStatement, null);
        raw.sqlite3_update_hook(connection, CountRow, null);
    }

    private void CountRow(object userData, int change, string database, string table, long row) => Interlocked.Increment(ref _rowsWritten);

    private void CountStatement(object userData, string statement, long nanoseconds)
    {
        switch (FirstWord(statement))
        {
            case "PRAGMA":
                break;
            case "BEGIN" or "COMMIT" or "ROLLBACK" or "SAVEPOINT" or "RELEASE":
                Interlocked.Increment(ref _transactionControl);
                break;
            default:
                Interlocked.Increment(ref _statements);
                break;
        }
    }

    private static string FirstWord(string statement) => statement.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries)[0].ToUpperInvariant();
}
