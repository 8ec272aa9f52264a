using SmartCache.Primitives;

namespace SmartCache.Sqlite;

/// <summary>An open database: one connection that writes and, unless the database is in memory, those that read beside it.</summary>
internal sealed class SqliteDatabase(SqliteFile file, StoreConnection writer, Func<bool> isClosing)
{
    public StoreConnection Writer { get; } = writer;
    public WriteTransaction Transaction { get; } = new((SqliteConnection)writer.Connection, isClosing);
    public SqliteReaders? Readers { get; } = file.IsInMemory ? null : new SqliteReaders(file);

    /// <summary>Whether its file no longer has its name, because it was deleted or replaced.</summary>
    public bool HasMoved => !file.IsInMemory && SqliteFile.HasMoved((SqliteConnection)Writer.Connection);

    /// <summary>Runs a work on the caller's thread.</summary>
    public static TResult Run<TState, TResult>(StoreWork<TState, TResult> work, TState state, StoreConnection connection) =>
        work(connection, state, async: false, CancellationToken.None).TakeResult();

    /// <summary>
    /// Runs a group in the transaction that has just begun. A work that fails undoes what the others did; they run again without it. This
    /// is rare, and a savepoint would cost every save two statements.
    /// </summary>
    public void Run(List<WriteItem> group)
    {
        try
        {
            while (group.Find(Fails) is { } failed)
            {
                Transaction.RollBack();
                group = group.FindAll(item => item != failed);
                if (group.Count == 0)
                    return;

                Transaction.Begin(mayWait: true);
            }

            Transaction.Commit();
        }
        catch (Exception exception)
        {
            Transaction.RollBack();
            RunAlone(group, exception);
        }
    }

    /// <summary>Closes all connections. When the last one closes, SQLite copies the log into the file and deletes it.</summary>
    /// <param name="ended">Called when they are closed.</param>
    public void Close(Action ended)
    {
        Writer.Dispose();
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
                Transaction.Begin(mayWait: true);
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
        item.Run(Writer);
        if (item.IsRefused)
        {
            Transaction.Execute("SELECT 1 FROM sqlite_master LIMIT 1");
            item.Run(Writer);
        }

        return item.HasFailed;
    }
}
