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
    /// <param name="name">
    /// The key under which the cache is registered as a keyed service, which is also the name of its options. Each name is a cache of its
    /// own. Null registers the cache without a key.
    /// </param>
    /// <returns>The options, to configure or bind them. They are validated when the host starts and when they are first used.</returns>
    public static OptionsBuilder<TOptions> AddSmartCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Func<TOptions, SqlDialect> dialect, Func<string, DbDataSource> dataSource, string? name = null)
        where TOptions : SmartCacheOptions, new()
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return services.AddSmartCache(dialect, options => options.DataSource is { } given
            ? new PooledConnectionSource(given, ownsDataSource: false)
            : new PooledConnectionSource(dataSource(options.ConnectionString!), ownsDataSource: true), name);
    }

    /// <summary>The same for an engine with its own source of connections.</summary>
    internal static OptionsBuilder<TOptions> AddSmartCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Func<TOptions, SqlDialect> dialect, Func<TOptions, ConnectionSource> connect, string? name)
        where TOptions : SmartCacheOptions, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(dialect);
        if (name is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(name);

        services.AddLogging();
        services.AddMetrics();
        services.AddHttpContextAccessor();
        if (!services.Any(service => service.ServiceType == typeof(RegisteredCache<TOptions>) && Equals(service.ServiceKey, name)))
        {
            services.AddSingleton<IValidateOptions<TOptions>>(provider => new SmartCacheOptionsValidator<TOptions>(provider, dialect, name));
            services.AddKeyedSingleton(name, (provider, _) => new RegisteredCache<TOptions>(provider, name, dialect, connect));
        }

        // With a key or without, each service of a cache is one line. A key of null means no key.
        services.AddKeyedSingleton(name, static (provider, key) => Cache<TOptions>(provider, key));
        services.AddKeyedSingleton<IDistributedCache>(name, static (provider, key) => Cache<TOptions>(provider, key));
        services.AddKeyedSingleton(name, static (provider, key) => Cache<TOptions>(provider, key).Directory);
        return services.AddOptions<TOptions>(name).ValidateOnStart();
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
                    + $"services.Configure<{typeof(TOptions).Name}>({(builder.Name.Length == 0 ? "" : $"\"{builder.Name}\", ")}options => …).");
            }
        });
    }

    /// <summary>Uses a data source among the services, first the one with the cache's key, if the options name no connection.</summary>
    internal static OptionsBuilder<TOptions> UseRegistered<TDataSource, TOptions>(this OptionsBuilder<TOptions> builder)
        where TDataSource : DbDataSource
        where TOptions : SmartCacheOptions => builder.PostConfigure<IServiceProvider>((options, services) =>
        {
            if (string.IsNullOrWhiteSpace(options.ConnectionString))
            {
                options.DataSource ??= (builder.Name.Length == 0 ? null : services.GetKeyedService<TDataSource>(builder.Name))
                    ?? services.GetService<TDataSource>();
            }
        });

    // Not every container takes null for a key.
    private static SmartDistributedCache Cache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceProvider services, object? key)
        where TOptions : SmartCacheOptions =>
        (key is null ? services.GetRequiredService<RegisteredCache<TOptions>>() : services.GetRequiredKeyedService<RegisteredCache<TOptions>>(key)).Cache;
}
