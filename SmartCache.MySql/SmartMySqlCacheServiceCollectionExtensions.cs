using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MySqlConnector;
using SmartCache.MySql;
using SmartCache.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache on MySQL or MariaDB.</summary>
public static class SmartMySqlCacheServiceCollectionExtensions
{
    /// <summary>Keeps the distributed cache, and so ASP.NET Core's sessions, in a MySQL or MariaDB table.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; without a connection the <c>MySqlDataSource</c> among the services is used.</param>
    public static IServiceCollection AddSmartMySqlCache(this IServiceCollection services, Action<SmartMySqlCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services).Configure(configure);
        return services;
    }

    /// <inheritdoc cref="AddSmartMySqlCache(IServiceCollection, Action{SmartMySqlCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">For example <c>Server=localhost;Database=shop;User ID=shop;Password=…</c>.</param>
    public static IServiceCollection AddSmartMySqlCache(this IServiceCollection services, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return services.AddSmartMySqlCache(options => options.ConnectionString = connectionString);
    }

    /// <inheritdoc cref="AddSmartMySqlCache(IServiceCollection, Action{SmartMySqlCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="section">The configuration section that holds the options; a name in it that is no option, or one of an option that only code can set, is an error.</param>
    public static IServiceCollection AddSmartMySqlCache(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services).CheckConfiguration(section).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services;
    }

    private static OptionsBuilder<SmartMySqlCacheOptions> Add(IServiceCollection services) =>
        services
            .AddSmartCache<SmartMySqlCacheOptions>(static (options, _) => Connect(options))
            .PostConfigure<IServiceProvider>(UseRegisteredDataSource);

    private static ConnectionSource Connect(SmartMySqlCacheOptions options) =>
        options.DataSource is { } own ? MySqlConnections.Borrow(own) : MySqlConnections.Connect(options.ConnectionString!);

    private static void UseRegisteredDataSource(SmartMySqlCacheOptions options, IServiceProvider services)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            options.DataSource ??= services.GetService<MySqlDataSource>();
        }
    }
}
