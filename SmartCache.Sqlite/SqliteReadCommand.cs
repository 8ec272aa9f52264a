using System.Data;
using System.Data.Common;

namespace SmartCache.Sqlite;

/// <summary>
/// A command that runs one SELECT again and again, and reads its rows where SQLite has them. The driver's own makes a reader, a record,
/// and more for each execution, which takes as long as finding the row.
/// </summary>
internal sealed class SqliteReadCommand : SqliteCommand
{
    private bool _isKept;
    private SqliteRows? _rows;

    public SqliteReadCommand(SqliteConnection connection) => (Connection, CommandTimeout) = (connection, connection.DefaultTimeout);

    /// <summary>Has the command keep its statement from the next execution on. A text of several statements cannot be kept.</summary>
    public override void Prepare() => _isKept = true;

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        if (_isKept)
            _rows ??= SqliteRows.TryPrepare(Connection!.Handle!, CommandText);

        // The driver waits if the file is busy, and explains what else is wrong.
        return _rows?.TryFind(Parameters) == true ? _rows : base.ExecuteDbDataReader(behavior);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rows?.Finish();

        base.Dispose(disposing);
    }
}
