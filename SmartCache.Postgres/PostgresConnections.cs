using Npgsql;
using SmartCache.Storage;

namespace SmartCache.Postgres;

/// <summary>The connections of the cache: the driver's own pool, set up so that the driver sends nothing of its own.</summary>
internal static class PostgresConnections
{
    private const int Statements = 30;

    /// <summary>
    /// Opens connections by a connection string. Unless it says otherwise, statements are prepared when they come for the
    /// second time and stay prepared, and a connection that is given back is not reset.
    /// </summary>
    public static ConnectionSource Connect(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(builder, "Application Name", "SmartCache");

        // Whatever the app wants of its other connections: the detail of a violated constraint is the whole row, key and all.
        builder.IncludeErrorDetail = false;

        // How long Npgsql believes what it knows of a host when the connection string names several: its own ten seconds
        // would be an outage of ten seconds when the standby takes over. Connections are opened too seldom for it to cost.
        SetDefault(builder, "Host Recheck Seconds", 1);
        SetDefault(builder, "No Reset On Close", true);
        SetDefault(builder, "Max Auto Prepare", Statements);
        SetDefault(builder, "Auto Prepare Min Usages", 2);
        return new PooledConnectionSource(NpgsqlDataSource.Create(builder), ownsDataSource: true);
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

    /// <summary>
    /// Sets what the connection string leaves open. <c>ContainsKey</c> of Npgsql's builder answers yes for every keyword
    /// that it knows, set or not; this answers for those that are set, under whatever alias and in whatever case.
    /// </summary>
    private static void SetDefault(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.ShouldSerialize(keyword))
        {
            builder[keyword] = value;
        }
    }
}
