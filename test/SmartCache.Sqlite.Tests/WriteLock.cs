using System.Data.Common;

namespace SmartCache.Sqlite.Tests;

/// <summary>What another process does that is writing: while it is held nobody else writes.</summary>
internal sealed class WriteLock : IDisposable
{
    private readonly DbConnection _connection;

    public WriteLock(SqliteEngine engine)
    {
        _connection = engine.OpenConnection();
        using var command = _connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();
}
