using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;
using SmartCache.Postgres;
using SmartCache.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache on PostgreSQL.</summary>
public static class SmartPostgresCacheServiceCollectionExtensions
{
    /// <summary>Keeps the distributed cache, and so ASP.NET Core's sessions, in a PostgreSQL table.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; without a connection the <c>NpgsqlDataSource</c> among the services is used.</param>
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
    /// <param name="section">The configuration section that holds the options; a name in it that is no option, or one of an option that only code can set, is an error.</param>
    public static IServiceCollection AddSmartPostgresCache(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services).CheckConfiguration(section).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services;
    }

    private static OptionsBuilder<SmartPostgresCacheOptions> Add(IServiceCollection services) =>
        services
            .AddSmartCache<SmartPostgresCacheOptions>(static (options, _) => Connect(options))
            .PostConfigure<IServiceProvider>(UseRegisteredDataSource);

    private static ConfirmedSource Connect(SmartPostgresCacheOptions options) => new(
        options.DataSource is { } own
            ? new PooledConnectionSource(own, ownsDataSource: false)
            : PostgresConnections.Connect(options.ConnectionString!));

    private static void UseRegisteredDataSource(SmartPostgresCacheOptions options, IServiceProvider services)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            options.DataSource ??= services.GetService<NpgsqlDataSource>();
        }
    }
}
