using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MySqlConnector;
using SmartCache.MySql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache on MySQL or MariaDB.</summary>
public static class SmartMySqlCacheServiceCollectionExtensions
{
    /// <summary>Registers a distributed cache in a MySQL or MariaDB table, which ASP.NET Core's sessions then use.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. If they name no connection, the registered <c>MySqlDataSource</c> is used.</param>
    public static IServiceCollection AddSmartMySqlCache(this IServiceCollection services, Action<SmartMySqlCacheOptions> configure) =>
        Add(services, name: null, configure);

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
    /// <param name="section">The configuration section with the options. A name that is no option, or an option that only code can set, is an error.</param>
    public static IServiceCollection AddSmartMySqlCache(this IServiceCollection services, IConfiguration section) =>
        Add(services, name: null, section);

    /// <summary>
    /// Registers one of several distributed caches as a keyed service: <c>[FromKeyedServices("name")] IDistributedCache</c>. Its options have
    /// the same name.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="configure">Sets the options. If they name no connection, the registered <c>MySqlDataSource</c> with the same key is used, or else the one without a key.</param>
    public static IServiceCollection AddKeyedSmartMySqlCache(this IServiceCollection services, string name, Action<SmartMySqlCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Add(services, name, configure);
    }

    /// <inheritdoc cref="AddKeyedSmartMySqlCache(IServiceCollection, string, Action{SmartMySqlCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="connectionString">For example <c>Server=localhost;Database=shop;User ID=shop;Password=…</c>.</param>
    public static IServiceCollection AddKeyedSmartMySqlCache(this IServiceCollection services, string name, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return services.AddKeyedSmartMySqlCache(name, options => options.ConnectionString = connectionString);
    }

    /// <inheritdoc cref="AddKeyedSmartMySqlCache(IServiceCollection, string, Action{SmartMySqlCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="section">The configuration section with the options. A name that is no option, or an option that only code can set, is an error.</param>
    public static IServiceCollection AddKeyedSmartMySqlCache(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Add(services, name, section);
    }

    private static IServiceCollection Add(IServiceCollection services, string? name, Action<SmartMySqlCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services, name).Configure(configure);
        return services;
    }

    private static IServiceCollection Add(IServiceCollection services, string? name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services, name).CheckConfiguration(section).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services;
    }

    private static OptionsBuilder<SmartMySqlCacheOptions> Add(IServiceCollection services, string? name) =>
        services
            .AddSmartCache<SmartMySqlCacheOptions>(static options => new MySqlDialect(options), MySqlConnections.Connect, name)
            .UseRegistered<MySqlDataSource, SmartMySqlCacheOptions>();
}
