using Npgsql;
using SmartCache.Storage;

namespace SmartCache.Postgres;

/// <summary>The connections the cache opens for itself.</summary>
internal static class PostgresConnections
{
    private const int Statements = 30;

    /// <summary>
    /// Connections that the cache holds, with statements that are prepared once; unless the connection string has a
    /// say in that, as behind a pooler that gives every transaction another connection.
    /// </summary>
    public static ConnectionSource Connect(string connectionString)
    {
        var given = new GivenKeywords(connectionString);
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.Contain("Application Name"))
        {
            builder.ApplicationName = "SmartCache";
        }

        if (!given.Contain("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = Statements;
            builder.AutoPrepareMinUsages = 2;
        }

        if (given.Contain("Pooling", "No Reset On Close", "Max Auto Prepare", "Multiplexing"))
        {
            builder.NoResetOnClose |= !given.Contain("No Reset On Close");
            return new PooledConnectionSource(NpgsqlDataSource.Create(builder), ownsDataSource: true);
        }

        var limits = new ConnectionLimits(builder.MaxPoolSize, TimeSpan.FromSeconds(builder.Timeout));
        builder.Pooling = false;
        return new HeldConnectionSource(NpgsqlDataSource.Create(builder), limits, PostgresFaults.IsConflict);
    }

    public static string? FindFault(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is null ? "names no server: add Host=…" : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Not the driver's message: where a quote is missing it takes part of the password for a keyword.
            return "is not one of Npgsql: it has an unknown keyword, or a value that needs quotes";
        }
    }
}
