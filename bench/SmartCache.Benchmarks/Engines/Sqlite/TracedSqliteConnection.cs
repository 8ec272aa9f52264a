using Microsoft.Data.Sqlite;

namespace SmartCache.Benchmarks.Engines.Sqlite;

internal sealed class TracedSqliteConnection(string connectionString) : SqliteConnection(connectionString)
{
    public override void Open()
    {
        base.Open();
        SqliteTrace.Watch(Handle!);
    }
}
