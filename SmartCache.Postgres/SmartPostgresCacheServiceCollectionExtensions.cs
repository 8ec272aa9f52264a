using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;
using SmartCache.Postgres;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache on PostgreSQL.</summary>
public static class SmartPostgresCacheServiceCollectionExtensions
{
    /// <summary>Registers a distributed cache in a PostgreSQL table, which ASP.NET Core's sessions then use.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. If they name no connection, the registered <c>NpgsqlDataSource</c> is used.</param>
    public static IServiceCollection AddSmartPostgresCache(this IServiceCollection services, Action<SmartPostgresCacheOptions> configure) =>
        Add(services, name: null, configure);

    /// <inheritdoc cref="AddSmartPostgresCache(IServiceCollection, Action{SmartPostgresCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">For example <c>Host=localhost;Database=shop;Username=shop;Password=…</c>.</param>
    public static IServiceCollection AddSmartPostgresCache(this IServiceCollection services, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return services.AddSmartPostgresCache(options => options.ConnectionString = connectionString);
    }

    /// <inheritdoc cref="AddSmartPostgresCache(IServiceCollection, Action{SmartPostgresCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="section">The configuration section with the options. A name that is no option, or an option that only code can set, is an error.</param>
    public static IServiceCollection AddSmartPostgresCache(this IServiceCollection services, IConfiguration section) =>
        Add(services, name: null, section);

    /// <summary>
    /// Registers one of several distributed caches as a keyed service: <c>[FromKeyedServices("name")] IDistributedCache</c>. Its options have
    /// the same name.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="configure">Sets the options. If they name no connection, the registered <c>NpgsqlDataSource</c> with the same key is used, or else the one without a key.</param>
    public static IServiceCollection AddKeyedSmartPostgresCache(this IServiceCollection services, string name, Action<SmartPostgresCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Add(services, name, configure);
    }

    /// <inheritdoc cref="AddKeyedSmartPostgresCache(IServiceCollection, string, Action{SmartPostgresCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="connectionString">For example <c>Host=localhost;Database=shop;Username=shop;Password=…</c>.</param>
    public static IServiceCollection AddKeyedSmartPostgresCache(this IServiceCollection services, string name, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return services.AddKeyedSmartPostgresCache(name, options => options.ConnectionString = connectionString);
    }

    /// <inheritdoc cref="AddKeyedSmartPostgresCache(IServiceCollection, string, Action{SmartPostgresCacheOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the cache.</param>
    /// <param name="section">The configuration section with the options. A name that is no option, or an option that only code can set, is an error.</param>
    public static IServiceCollection AddKeyedSmartPostgresCache(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Add(services, name, section);
    }

    private static IServiceCollection Add(IServiceCollection services, string? name, Action<SmartPostgresCacheOptions> configure)
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

    private static OptionsBuilder<SmartPostgresCacheOptions> Add(IServiceCollection services, string? name) =>
        services
            .AddSmartCache<SmartPostgresCacheOptions>(static options => new PostgresDialect(options), PostgresConnections.Connect, name)
            .UseRegistered<NpgsqlDataSource, SmartPostgresCacheOptions>();
}
