using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SmartCache;
using SmartCache.Connections;
using SmartCache.Registration;
using SmartCache.Sql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What the <c>Add…</c> methods of providers are made of.</summary>
public static class SmartCacheServiceCollectionExtensions
{
    /// <summary>
    /// Registers a cache as <see cref="IDistributedCache"/>. It takes precedence over the in-memory cache that MVC and others register,
    /// whichever is registered first. Calling this again changes nothing.
    /// </summary>
    /// <typeparam name="TOptions">The provider's options.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="dialect">Creates the engine's SQL for the options.</param>
    /// <param name="dataSource">
    /// Creates a data source for <see cref="SmartCacheOptions.ConnectionString"/>, which is disposed with the cache. Not called if
    /// <see cref="SmartCacheOptions.DataSource"/> is set.
    /// </param>
    /// <returns>The options, to configure or bind them. They are validated when the host starts and when they are first used.</returns>
    public static OptionsBuilder<TOptions> AddSmartCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Func<TOptions, SqlDialect> dialect, Func<string, DbDataSource> dataSource)
        where TOptions : SmartCacheOptions, new()
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return services.AddSmartCache(dialect, options => options.DataSource is { } given
            ? new PooledConnectionSource(given, ownsDataSource: false)
            : new PooledConnectionSource(dataSource(options.ConnectionString!), ownsDataSource: true));
    }

    /// <summary>The same for an engine with its own source of connections.</summary>
    internal static OptionsBuilder<TOptions> AddSmartCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Func<TOptions, SqlDialect> dialect, Func<TOptions, ConnectionSource> connect)
        where TOptions : SmartCacheOptions, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(dialect);
        services.AddLogging();
        services.AddHttpContextAccessor();
        if (!services.Any(static service => service.ServiceType == typeof(RegisteredCache<TOptions>)))
        {
            services.AddSingleton<IValidateOptions<TOptions>>(provider => new SmartCacheOptionsValidator<TOptions>(provider, dialect));
            services.AddSingleton(provider => new RegisteredCache<TOptions>(provider, dialect, connect));
        }

        services.AddSingleton(provider => provider.GetRequiredService<RegisteredCache<TOptions>>().Cache);
        services.AddSingleton<IDistributedCache>(provider => provider.GetRequiredService<RegisteredCache<TOptions>>().Cache);
        services.AddSingleton(provider => provider.GetRequiredService<RegisteredCache<TOptions>>().Cache.Directory);
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>
    /// Refuses a section that contains an option which only code can set, such as <see cref="SmartCacheOptions.Merge"/>. Call this before
    /// you bind the section.
    /// </summary>
    /// <typeparam name="TOptions">The provider's options.</typeparam>
    /// <param name="builder">The options.</param>
    /// <param name="section">The section.</param>
    public static OptionsBuilder<TOptions> CheckConfiguration<TOptions>(this OptionsBuilder<TOptions> builder, IConfiguration section)
        where TOptions : SmartCacheOptions
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        return builder.Configure(_ =>
        {
            foreach (var option in SmartCacheOptions.SetInCode.Select(section.GetSection).Where(static option => option.Exists()))
            {
                throw new InvalidOperationException(
                    $"'{option.Path}' cannot be set by configuration. Remove it, and set {typeof(TOptions).Name}.{option.Key} in code: "
                    + $"services.Configure<{typeof(TOptions).Name}>(options => …).");
            }
        });
    }

    /// <summary>Uses a data source among the services if the options name no connection.</summary>
    internal static OptionsBuilder<TOptions> UseRegistered<TDataSource, TOptions>(this OptionsBuilder<TOptions> builder)
        where TDataSource : DbDataSource
        where TOptions : SmartCacheOptions => builder.PostConfigure<IServiceProvider>(static (options, services) =>
        {
            if (string.IsNullOrWhiteSpace(options.ConnectionString))
                options.DataSource ??= services.GetService<TDataSource>();
        });
}
