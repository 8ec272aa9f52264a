using MySqlConnector;
using SmartCache.Connections;

namespace SmartCache.MySql;

/// <summary>The connections of the cache: the driver's own pool, configured so that the driver sends nothing of its own.</summary>
internal static class MySqlConnections
{
    /// <summary>
    /// Connects as the options say. Unless the connection string says otherwise, a connection that is taken from the pool is not reset, so
    /// that statements stay prepared.
    /// </summary>
    public static ConnectionSource Connect(SmartMySqlCacheOptions options)
    {
        var builder = new MySqlConnectionStringBuilder(options.DataSource?.ConnectionString ?? options.ConnectionString!);
        if (options.DataSource is null && !builder.ContainsKey("Connection Reset"))
            builder.ConnectionReset = false;

        // A reset drops prepared statements: preparing would then cost a round trip each time.
        var preparation = builder.Pooling && !builder.ConnectionReset ? Preparation.EveryUse : Preparation.None;
        return options.DataSource is { } given
            ? new PooledConnectionSource(given, ownsDataSource: false, preparation)
            : new PooledConnectionSource(new MySqlConnectionPool(builder.ConnectionString), ownsDataSource: true, preparation, clearPool: MySqlConnectionPool.Clear);
    }

    /// <summary>What is wrong with a connection string, as the end of a sentence; null if nothing is.</summary>
    public static string? FindFault(string connectionString)
    {
        try
        {
            _ = new MySqlConnectionStringBuilder(connectionString);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Not the driver's message: if a quote is missing, it takes part of the password for a keyword.
            return "is not a connection string of MySqlConnector: it has an unknown keyword, or a value that needs quotes";
        }
    }
}
