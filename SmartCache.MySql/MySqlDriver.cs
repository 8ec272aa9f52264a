using System.Data.Common;
using System.Reflection;

namespace SmartCache.MySql;

/// <summary>Finds the driver that the app has installed; neither is needed to build this package.</summary>
internal static class MySqlDriver
{
    public static DbDataSource Open(string connectionString)
    {
        var factory = Find() ?? throw new InvalidOperationException($"{nameof(SmartMySqlCacheOptions)}.{nameof(SmartCacheOptions.ConnectionString)} {FindFault(connectionString)}.");
        return factory.CreateDataSource(Complete(factory, connectionString));
    }

    /// <summary>
    /// On a pool of our own nothing needs resetting, and a reset would drop MySqlConnector's prepared statements. What
    /// the connection string says itself stands: the driver's builder knows every spelling of a keyword.
    /// </summary>
    public static string Complete(DbProviderFactory factory, string connectionString)
    {
        var builder = factory.CreateConnectionStringBuilder()!;
        builder.ConnectionString = connectionString;
        if (factory.GetType().Namespace != "MySqlConnector" || builder.ContainsKey("Connection Reset"))
        {
            return connectionString;
        }

        builder["Connection Reset"] = false;
        return builder.ConnectionString;
    }

    /// <summary>What is wrong with a connection string, as the end of a sentence; null if nothing.</summary>
    public static string? FindFault(string connectionString)
    {
        if (Find() is not { } factory)
        {
            return $"needs a driver: add the package MySqlConnector (or MySql.Data) to the app, or set {nameof(SmartCacheOptions.DataSource)}";
        }

        try
        {
            factory.CreateConnectionStringBuilder()!.ConnectionString = connectionString;
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Not the driver's message: where a quote is missing it takes part of the password for a keyword.
            return $"is not one of {factory.GetType().Namespace}: it has an unknown keyword, or a value that needs quotes";
        }
    }

    /// <summary>MySql.Data goes on waiting for a row lock after its token is cancelled.</summary>
    public static bool IgnoresTokens(DbDataSource dataSource)
    {
        using var connection = dataSource.CreateConnection();
        return connection.GetType().Namespace?.StartsWith("MySql.Data", StringComparison.Ordinal) == true;
    }

    private static DbProviderFactory? Find() => MySqlConnector() ?? MySqlData();

    private static DbProviderFactory? MySqlConnector() =>
        Instance(Type.GetType("MySqlConnector.MySqlConnectorFactory, MySqlConnector", throwOnError: false));

    private static DbProviderFactory? MySqlData() =>
        Instance(Type.GetType("MySql.Data.MySqlClient.MySqlClientFactory, MySql.Data", throwOnError: false));

    private static DbProviderFactory? Instance(
        [System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicFields)] Type? factory) =>
        (DbProviderFactory?)factory?.GetField("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
}
