using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;
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
}
