using Microsoft.Data.Sqlite;

namespace RaceLab.Engines.Sqlite;

internal sealed class TracedSqliteConnection(string connectionString, SqliteTrace trace) : SqliteConnection(connectionString)
{
    public override void Open()
    {
        base.Open();
        trace.Watch(Handle!);
    }
}
