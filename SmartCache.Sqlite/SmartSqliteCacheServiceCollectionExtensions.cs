using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SmartCache.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache on SQLite.</summary>
public static class SmartSqliteCacheServiceCollectionExtensions
{
    /// <summary>Registers a distributed cache in a SQLite file, which ASP.NET Core's sessions then use.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, at least the connection string.</param>
    public static IServiceCollection AddSmartSqliteCache(this IServiceCollection services, Action<SmartSqliteCacheOptions> configure) =>
        Add(services, name: null, configure);

    /// <inheritdoc cref="AddSmartSqliteCache(IServiceCollection, Action{SmartSqliteCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">For example <c>Data Source=sessions.db</c>.</param>
    public static IServiceCollection AddSmartSqliteCache(this IServiceCollection services, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return services.AddSmartSqliteCache(options => options.ConnectionString = connectionString);
    }

    /// <inheritdoc cref="AddSmartSqliteCache(IServiceCollection, Action{SmartSqliteCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="section">The configuration section with the options. A name that is no option, or an option that only code can set, is an error.</param>
    public static IServiceCollection AddSmartSqliteCache(this IServiceCollection services, IConfiguration section) =>
        Add(services, name: null, section);

    /// <summary>
    /// Registers one of several distributed caches as a keyed service: <c>[FromKeyedServices("name")] IDistributedCache</c>. Its options have
    /// the same name.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="configure">Sets the options, at least the connection string.</param>
    public static IServiceCollection AddKeyedSmartSqliteCache(this IServiceCollection services, string name, Action<SmartSqliteCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Add(services, name, configure);
    }

    /// <inheritdoc cref="AddKeyedSmartSqliteCache(IServiceCollection, string, Action{SmartSqliteCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="connectionString">For example <c>Data Source=sessions.db</c>.</param>
    public static IServiceCollection AddKeyedSmartSqliteCache(this IServiceCollection services, string name, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return services.AddKeyedSmartSqliteCache(name, options => options.ConnectionString = connectionString);
    }

    /// <inheritdoc cref="AddKeyedSmartSqliteCache(IServiceCollection, string, Action{SmartSqliteCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="section">The configuration section with the options. A name that is no option, or an option that only code can set, is an error.</param>
    public static IServiceCollection AddKeyedSmartSqliteCache(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Add(services, name, section);
    }

    private static IServiceCollection Add(IServiceCollection services, string? name, Action<SmartSqliteCacheOptions> configure)
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

    private static OptionsBuilder<SmartSqliteCacheOptions> Add(IServiceCollection services, string? name) =>
        services.AddSmartCache<SmartSqliteCacheOptions>(
            static options => new SqliteDialect(options), static options => new SqliteConnectionSource(options), name);
}
