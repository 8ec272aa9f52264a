using System.Data.Common;
using Npgsql;

namespace SmartCache.Postgres;

/// <summary>The pool the cache opens for itself.</summary>
internal static class PostgresDataSource
{
    private const int Statements = 30;

    /// <summary>
    /// On a pool of our own nothing a borrower leaves behind needs resetting, so every statement on the wire is one of
    /// ours, prepared from its second use on. What the connection string says itself stands.
    /// </summary>
    public static NpgsqlDataSource Open(string connectionString)
    {
        // Npgsql's own builder answers yes for every keyword that it knows, set or not.
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ContainsKey("No Reset On Close"))
        {
            builder.NoResetOnClose = true;
        }

        if (!given.ContainsKey("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = Statements;
            builder.AutoPrepareMinUsages = 2;
        }

        if (!given.ContainsKey("Application Name"))
        {
            builder.ApplicationName = "SmartCache";
        }

        return NpgsqlDataSource.Create(builder);
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
