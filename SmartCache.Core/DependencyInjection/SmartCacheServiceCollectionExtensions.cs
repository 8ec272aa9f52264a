using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmartCache;
using SmartCache.DependencyInjection;
using SmartCache.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What the providers' own <c>Add…</c> methods are made of.</summary>
public static class SmartCacheServiceCollectionExtensions
{
    /// <summary>
    /// Registers a cache as <see cref="IDistributedCache"/>, in front of the in-memory one that MVC and others
    /// register: the last registration counts, whichever came first. Calling it again changes nothing.
    /// </summary>
    /// <typeparam name="TOptions">The provider's options.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="connect">Where the connections come from.</param>
    /// <returns>The options, to configure or bind them further; they are validated when the host starts and on first use.</returns>
    public static OptionsBuilder<TOptions> AddSmartCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services,
        Func<TOptions, IServiceProvider, ConnectionSource> connect)
        where TOptions : SmartCacheOptions, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connect);
        services.AddLogging();
        services.AddHttpContextAccessor();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, SmartCacheOptionsValidator<TOptions>>());
        services.TryAddSingleton(provider => new RegisteredCache<TOptions>(provider, connect));
        services.AddSingleton(provider => provider.GetRequiredService<RegisteredCache<TOptions>>().Cache);
        services.AddSingleton<IDistributedCache>(provider => provider.GetRequiredService<RegisteredCache<TOptions>>().Cache);
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>
    /// Refuses a section that holds an option which only code can set, such as <see cref="SmartCacheOptions.Merge"/>. To be called
    /// before the section is bound.
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
}
