using System.Data.Common;
using MySqlConnector;

namespace SmartCache.MySql;

/// <summary>
/// The pool that MySqlConnector keeps for a connection string. The pool of a <see cref="MySqlDataSource"/> cannot be cleared, and
/// without resets nothing else notices that idle connections were cut.
/// </summary>
internal sealed class MySqlConnectionPool(string connectionString) : DbDataSource
{
    public override string ConnectionString => connectionString;

    /// <summary>Closes idle connections now, and those in use when they are returned.</summary>
    /// <param name="connection">One of the pool.</param>
    public static void Clear(DbConnection connection) => _ = MySqlConnection.ClearPoolAsync((MySqlConnection)connection);

    protected override DbConnection CreateDbConnection() => new MySqlConnection(connectionString);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            using var connection = CreateConnection();
            MySqlConnection.ClearPool((MySqlConnection)connection);
        }

        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        using var connection = CreateConnection();
        await MySqlConnection.ClearPoolAsync((MySqlConnection)connection).ConfigureAwait(false);
        await base.DisposeAsyncCore().ConfigureAwait(false);
    }
}
