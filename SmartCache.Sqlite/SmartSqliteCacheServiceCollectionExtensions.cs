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
    public static IServiceCollection AddSmartSqliteCache(this IServiceCollection services, Action<SmartSqliteCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services).Configure(configure);
        return services;
    }

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
    public static IServiceCollection AddSmartSqliteCache(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services).CheckConfiguration(section).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services;
    }

    private static OptionsBuilder<SmartSqliteCacheOptions> Add(IServiceCollection services) =>
        services.AddSmartCache<SmartSqliteCacheOptions>(
            static options => new SqliteDialect(options), static options => new SqliteConnectionSource(options));
}
