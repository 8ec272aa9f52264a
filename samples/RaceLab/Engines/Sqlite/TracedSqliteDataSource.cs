using System.Data.Common;

namespace RaceLab.Engines.Sqlite;

/// <summary>Opens connections that all report to one trace.</summary>
internal sealed class TracedSqliteDataSource(string connectionString) : DbDataSource
{
    public override string ConnectionString => connectionString;

    public SqliteTrace Trace { get; } = new();

    protected override DbConnection CreateDbConnection() => new TracedSqliteConnection(connectionString, Trace);
}
