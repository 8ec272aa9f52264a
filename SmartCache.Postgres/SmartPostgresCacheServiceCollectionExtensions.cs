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
    public static IServiceCollection AddSmartPostgresCache(this IServiceCollection services, Action<SmartPostgresCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services).Configure(configure);
        return services;
    }

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
    public static IServiceCollection AddSmartPostgresCache(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services).CheckConfiguration(section).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services;
    }

    private static OptionsBuilder<SmartPostgresCacheOptions> Add(IServiceCollection services) =>
        services
            .AddSmartCache<SmartPostgresCacheOptions>(static options => new PostgresDialect(options), PostgresConnections.Connect)
            .UseRegistered<NpgsqlDataSource, SmartPostgresCacheOptions>();
}
