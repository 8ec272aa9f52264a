using Npgsql;
using SmartCache.Connections;

namespace SmartCache.Postgres;

/// <summary>The connections of the cache: the driver's own pool, configured so that the driver sends nothing of its own.</summary>
internal static class PostgresConnections
{
    private const int Statements = 30;

    public static ConnectionSource Connect(SmartPostgresCacheOptions options) => new ConfirmedSource(options.DataSource is { } given
        ? new PooledConnectionSource(given, ownsDataSource: false, movesCommands: true)
        : new PooledConnectionSource(Open(options.ConnectionString!), ownsDataSource: true, movesCommands: true));

    /// <summary>What is wrong with a connection string, as the end of a sentence; null if nothing is.</summary>
    public static string? FindFault(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is null ? "names no server: add Host=…" : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Not the driver's message: if a quote is missing, it takes part of the password for a keyword.
            return "is not a connection string of Npgsql: it has an unknown keyword, or a value that needs quotes";
        }
    }

    /// <summary>
    /// Unless the connection string says otherwise, a statement is prepared when it is used for the second time and stays prepared, and a
    /// connection that is returned to the pool is not reset.
    /// </summary>
    private static NpgsqlDataSource Open(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(builder, "Application Name", "SmartCache");

        // Whatever the app wants on its other connections: the detail of a violated constraint is the whole row with its key.
        builder.IncludeErrorDetail = false;

        // How long Npgsql trusts what it knows about a host if the connection string names several. Its default of ten seconds would mean
        // an outage of ten seconds when a standby takes over. Connections are opened too rarely for this to cost anything.
        SetDefault(builder, "Host Recheck Seconds", 1);
        SetDefault(builder, "No Reset On Close", true);
        SetDefault(builder, "Max Auto Prepare", Statements);
        SetDefault(builder, "Auto Prepare Min Usages", 2);
        return NpgsqlDataSource.Create(builder);
    }

    /// <summary>
    /// Sets what the connection string leaves open. <c>ContainsKey</c> of Npgsql's builder is true for every known keyword, set or not;
    /// <c>ShouldSerialize</c> is true for those that are set, under whatever alias and in whatever case.
    /// </summary>
    private static void SetDefault(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.ShouldSerialize(keyword))
            builder[keyword] = value;
    }
}
