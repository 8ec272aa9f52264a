using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartCache.Sqlite;

/// <summary>The writing connection's transactions, which have the write lock from their start.</summary>
internal sealed class WriteTransaction(SqliteConnection connection, ReadGate gate)
{
    private const int Busy = 5;

    private bool _hasBegun;

    /// <summary>
    /// Waits for other processes in a loop of its own: SQLite's busy timeout may sleep whole seconds, the driver's
    /// polls at 150 ms; both starve a writer beside another that comes straight back.
    /// </summary>
    public void Begin()
    {
        var begun = Stopwatch.GetTimestamp();
        while (!TryBegin())
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(connection.DefaultTimeout))
            {
                SqliteException.ThrowExceptionForRC(Busy, connection.Handle);
            }

            CancellationToken.None.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1 + (3 * Random.Shared.NextDouble())));
        }
    }

    /// <returns>False if another process is writing; true also if the transaction has begun already.</returns>
    public bool TryBegin()
    {
        if (_hasBegun)
        {
            return true;
        }

        RollBack();
        return _hasBegun = gate.Begin(() =>
        {
            var code = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");
            if (code != Busy)
            {
                SqliteException.ThrowExceptionForRC(code, connection.Handle);
            }

            return code != Busy;
        });
    }

    public void Commit()
    {
        _hasBegun = false;
        gate.Commit(() => Execute("COMMIT"));
    }

    public void Execute(string text) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, text), connection.Handle);

    public void RollBack()
    {
        _hasBegun = false;
        // SQLite ends the transaction by itself on some errors, such as a full disk.
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }
}
