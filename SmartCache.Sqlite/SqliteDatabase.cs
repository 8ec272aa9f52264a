using Microsoft.Data.Sqlite;
using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>An open database: one connection that writes and, unless it is in memory, those that read beside it.</summary>
internal sealed class SqliteDatabase(SqliteFile file, StoreConnection writer, Func<bool> isClosing)
{
    public StoreConnection Writer { get; } = writer;

    public WriteTransaction Transaction { get; } = new((SqliteConnection)writer.Connection, isClosing);

    public SqliteReaders? Readers { get; } = file.IsInMemory ? null : new SqliteReaders(file);

    /// <summary>Whether its file no longer bears its name: it was deleted or replaced.</summary>
    public bool HasMoved => !file.IsInMemory && SqliteFile.HasMoved((SqliteConnection)Writer.Connection);

    /// <summary>Closes all connections. The last one to be closed folds the log into the file and deletes it.</summary>
    /// <param name="ended">Called when they are closed.</param>
    public void Close(Action ended)
    {
        Writer.Dispose();
        if (Readers is null)
        {
            ended();
        }
        else
        {
            Readers.Close(ended);
        }
    }
}
