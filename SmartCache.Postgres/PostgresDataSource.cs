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
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(builder, "No Reset On Close", true);
        SetDefault(builder, "Max Auto Prepare", Statements);
        SetDefault(builder, "Auto Prepare Min Usages", 2);
        SetDefault(builder, "Application Name", "SmartCache");
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
