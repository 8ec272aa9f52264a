using System.Data.Common;
using MySqlConnector;
using SmartCache.Storage;

namespace SmartCache.MySql;

/// <summary>The connections of the cache: the driver's own pool, set up so that the driver sends nothing of its own.</summary>
internal static class MySqlConnections
{
    /// <summary>
    /// Opens connections by a connection string. Unless it says otherwise, a connection that is taken from the pool is
    /// not reset, so that statements stay prepared.
    /// </summary>
    public static ConnectionSource Connect(string connectionString)
    {
        var builder = new MySqlConnectionStringBuilder(connectionString);
        if (!builder.ContainsKey("Connection Reset"))
        {
            builder.ConnectionReset = false;
        }

        return new PooledConnectionSource(
            new MySqlConnectionPool(builder.ConnectionString), ownsDataSource: true, Preparing(builder), MySqlConnectionPool.Clear);
    }

    /// <summary>Borrows connections from a data source that is the app's.</summary>
    public static ConnectionSource Borrow(DbDataSource dataSource) => new PooledConnectionSource(
        dataSource, ownsDataSource: false, Preparing(new MySqlConnectionStringBuilder(dataSource.ConnectionString)));

    /// <summary>What is wrong with a connection string, as the end of a sentence; null if nothing.</summary>
    public static string? FindFault(string connectionString)
    {
        try
        {
            _ = new MySqlConnectionStringBuilder(connectionString);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Not the driver's message: where a quote is missing it takes part of the password for a keyword.
            return "is not one of MySqlConnector: it has an unknown keyword, or a value that needs quotes";
        }
    }

    /// <summary>A reset forgets what was prepared: preparing would then cost a round trip each time.</summary>
    private static Preparation Preparing(MySqlConnectionStringBuilder builder) =>
        builder.Pooling && !builder.ConnectionReset ? Preparation.EveryUse : Preparation.None;
}
