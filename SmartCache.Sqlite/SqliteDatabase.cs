using System.Diagnostics;

namespace SmartCache.Sqlite;

/// <summary>An open database: one connection that writes and, unless the database is in memory, those that read beside it.</summary>
internal sealed class SqliteDatabase(SqliteFile file, StoreConnection writer, Func<bool> isClosing)
{
    private const int PrimaryCode = 0xFF;

    private readonly SqliteConnection _connection = (SqliteConnection)writer.Connection;
    private volatile bool _hasBegun;

    public SqliteReaders? Readers { get; } = file.IsInMemory ? null : new SqliteReaders(file);

    /// <summary>The writer if it is in a transaction, and the readers at work.</summary>
    public int InUse => (_hasBegun ? 1 : 0) + (Readers?.AtWork).GetValueOrDefault();

    /// <summary>Whether its file no longer has its name, because it was deleted or replaced.</summary>
    public bool HasMoved => !file.IsInMemory && SqliteFile.HasMoved(_connection);

    /// <summary>
    /// Begins a transaction that holds the write lock from its start. Waits for other processes in its own loop: the driver polls every
    /// 150 ms, and would starve beside a process that comes straight back. A timeout of 0 has no end, as in the driver.
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
            if (_connection.DefaultTimeout != 0 && Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(_connection.DefaultTimeout))
                SqliteException.ThrowExceptionForRC(raw.SQLITE_BUSY, _connection.Handle);

            CancellationToken.None.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1 + (3 * Random.Shared.NextDouble())));
        }

        return true;
    }

    /// <summary>
    /// Runs a group in the transaction that has just begun, and commits. A work that fails undoes what the others did; they run again
    /// without it. This is rare, and a savepoint would cost every save two statements.
    /// </summary>
    public void Run(List<WriteItem> group)
    {
        try
        {
            while (group.Find(Fails) is { } failed)
            {
                RollBack();
                group = group.FindAll(item => item != failed);
                if (group.Count == 0)
                    return;

                Begin(mayWait: true);
            }

            _hasBegun = false;
            Execute("COMMIT");
        }
        catch (Exception exception)
        {
            RollBack();
            RunAlone(group, exception);
        }
    }

    /// <summary>Closes all connections. When the last one closes, SQLite copies the log into the file and deletes it.</summary>
    /// <param name="ended">Called when they are closed.</param>
    public void Close(Action ended)
    {
        _connection.Dispose();
        if (Readers is null)
            ended();
        else
            Readers.Close(ended);
    }

    /// <summary>The shared transaction failed: each work gets a transaction, and an error, of its own.</summary>
    private void RunAlone(List<WriteItem> group, Exception exception)
    {
        if (group.Count == 1)
        {
            group[0].Fail(exception);
            return;
        }

        foreach (var item in group)
        {
            try
            {
                Begin(mayWait: true);
                Run([item]);
            }
            catch (Exception own)
            {
                item.Fail(own);
            }
        }
    }

    /// <summary>Runs a work, and once more if another connection may have changed the table since this one last looked at it.</summary>
    private bool Fails(WriteItem item)
    {
        item.Run(writer);
        if (item.IsRefused)
        {
            Execute("SELECT 1 FROM sqlite_master LIMIT 1");
            item.Run(writer);
        }

        return item.Failure is not null;
    }

    /// <returns>False if another process is writing; true also if the transaction has begun already.</returns>
    private bool TryBegin()
    {
        if (_hasBegun)
            return true;

        RollBack();
        var code = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");

        // A shared database in memory reports LOCKED where a file reports BUSY.
        if ((code & PrimaryCode) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            return false;

        SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        return _hasBegun = true;
    }

    private void RollBack()
    {
        _hasBegun = false;

        // SQLite ends the transaction by itself on some errors, such as a full disk.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            Execute("ROLLBACK");
    }

    private void Execute(string text) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, text), _connection.Handle);
}
