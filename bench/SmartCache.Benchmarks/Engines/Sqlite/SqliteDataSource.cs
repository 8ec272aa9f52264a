using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SmartCache.Benchmarks.Engines.Sqlite;

/// <summary>Opens connections to one file, counted or not.</summary>
internal sealed class SqliteDataSource(string connectionString, bool isTraced) : DbDataSource
{
    public override string ConnectionString => connectionString;

    protected override DbConnection CreateDbConnection() =>
        isTraced ? new TracedSqliteConnection(connectionString) : new SqliteConnection(connectionString);
}
