using System.Data.Common;
using System.Globalization;
using System.Reflection;
using SmartCache.Storage;

namespace SmartCache.MySql;

/// <summary>Finds the driver that the app has installed; neither is needed to build this package.</summary>
internal static class MySqlDriver
{
    /// <summary>Connections the cache opens for itself and holds, unless the connection string has a say in pooling.</summary>
    public static ConnectionSource Connect(string connectionString)
    {
        var factory = Find() ?? throw new InvalidOperationException($"{nameof(SmartMySqlCacheOptions)}.{nameof(SmartCacheOptions.ConnectionString)} {FindFault(connectionString)}.");
        var builder = factory.CreateConnectionStringBuilder()!;
        builder.ConnectionString = connectionString;
        var limits = new ConnectionLimits(Number(builder["Maximum Pool Size"]), TimeSpan.FromSeconds(Number(builder["Connection Timeout"])));
        builder["Pooling"] = false;
        var dataSource = factory.CreateDataSource(builder.ConnectionString);
        var killer = MySqlDataKiller.For(dataSource);
        if (new GivenKeywords(connectionString).Contain("Pooling", "Connection Reset"))
        {
            return new PooledConnectionSource(factory.CreateDataSource(connectionString), ownsDataSource: true, killer);
        }

        var connections = new HeldConnectionSource(dataSource, limits, MySqlFaults.IsConflict, killer);
        return killer is not null && Number(builder["Default Command Timeout"]) is > 0 and var timeout
            ? new BoundedSource(connections, BoundedSource.LimitFor(timeout))
            : connections;
    }

    /// <summary>Connections of a data source that is the app's.</summary>
    public static ConnectionSource Borrow(DbDataSource dataSource) =>
        new PooledConnectionSource(dataSource, ownsDataSource: false, MySqlDataKiller.For(dataSource));

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

    private static int Number(object value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);

    private static DbProviderFactory? Find() => MySqlConnector() ?? MySqlData();

    private static DbProviderFactory? MySqlConnector() =>
        Instance(Type.GetType("MySqlConnector.MySqlConnectorFactory, MySqlConnector", throwOnError: false));

    private static DbProviderFactory? MySqlData() =>
        Instance(Type.GetType("MySql.Data.MySqlClient.MySqlClientFactory, MySql.Data", throwOnError: false));

    private static DbProviderFactory? Instance(
        [System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicFields)] Type? factory) =>
        (DbProviderFactory?)factory?.GetField("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
}
