using System.Diagnostics;

namespace SmartCache.Sqlite;

/// <summary>The transactions of the writing connection, which hold the write lock from their start.</summary>
internal sealed class WriteTransaction(SqliteConnection connection, Func<bool> isClosing)
{
    private const int PrimaryCode = 0xFF;

    private bool _hasBegun;

    /// <summary>
    /// Waits for other processes in its own loop: the driver polls every 150 ms, and would starve beside a process that comes straight back.
    /// A timeout of 0 has no end, as in the driver.
    /// </summary>
    /// <returns>False if another process is writing and this may not wait.</returns>
    public bool Begin(bool mayWait)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!TryBegin())
        {
            if (!mayWait)
                return false;

            ObjectDisposedException.ThrowIf(isClosing(), typeof(SmartDistributedCache));
            if (connection.DefaultTimeout != 0 && Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(connection.DefaultTimeout))
                SqliteException.ThrowExceptionForRC(raw.SQLITE_BUSY, connection.Handle);

            CancellationToken.None.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1 + (3 * Random.Shared.NextDouble())));
        }

        return true;
    }

    /// <returns>False if another process is writing; true also if the transaction has begun already.</returns>
    private bool TryBegin()
    {
        if (_hasBegun)
            return true;

        RollBack();
        var code = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");

        // A shared database in memory reports LOCKED where a file reports BUSY.
        if ((code & PrimaryCode) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            return false;

        SqliteException.ThrowExceptionForRC(code, connection.Handle);
        return _hasBegun = true;
    }

    public void Commit()
    {
        _hasBegun = false;
        Execute("COMMIT");
    }

    public void Execute(string text) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, text), connection.Handle);

    public void RollBack()
    {
        _hasBegun = false;
        // SQLite ends the transaction by itself on some errors, such as a full disk.
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            Execute("ROLLBACK");
    }
}
