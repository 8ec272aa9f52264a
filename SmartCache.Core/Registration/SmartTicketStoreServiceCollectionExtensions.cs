using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmartCache;
using SmartCache.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the store for the tickets of cookie authentication.</summary>
public static class SmartTicketStoreServiceCollectionExtensions
{
    /// <summary>
    /// Keeps the tickets of cookie authentication in the cache's table, encrypted. The cookie then contains only the key of its ticket, and
    /// <see cref="ISessionDirectory"/> lists and ends the sign-ins of a user. Register a cache and cookie authentication too, in any order.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; null for the cache without a key and all cookie schemes.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSmartTicketStore(this IServiceCollection services, Action<SmartTicketStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHttpContextAccessor();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<CookieAuthenticationOptions>, TicketStoreSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmartTicketStoreOptions>, TicketStoreSetup>());
        services.AddOptions<SmartTicketStoreOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        return services;
    }
}
