using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmartCache.Tickets;

namespace SmartCache.Registration;

/// <summary>Gives the cookie schemes their ticket store, and names every option that cannot work when the host starts.</summary>
internal sealed class TicketStoreSetup(IServiceProvider services)
    : IPostConfigureOptions<CookieAuthenticationOptions>, IValidateOptions<SmartTicketStoreOptions>
{
    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        var store = services.GetRequiredService<IOptions<SmartTicketStoreOptions>>().Value;
        if (store.Schemes.Count > 0 && !store.Schemes.Contains(name!))
            return;

        if (options.SessionStore is not null)
        {
            throw new OptionsValidationException(name!, typeof(CookieAuthenticationOptions), [
                $"{nameof(CookieAuthenticationOptions)}.{nameof(options.SessionStore)} of the scheme '{name}' is set, and AddSmartTicketStore would set "
                + $"it too. Leave it null, or name the other schemes in {nameof(SmartTicketStoreOptions)}.{nameof(store.Schemes)}."]);
        }

        // This sets what is not set. It may come later, and the format must be there to be wrapped.
        new PostConfigureCookieAuthenticationOptions(services.GetRequiredService<IDataProtectionProvider>()).PostConfigure(name, options);
        options.TicketDataFormat = new TicketFormat(options.TicketDataFormat, services.GetRequiredService<IHttpContextAccessor>());
        options.SessionStore = new TicketStore(FindCache(store)!.Tickets, store, options);
    }

    public ValidateOptionsResult Validate(string? name, SmartTicketStoreOptions options)
    {
        var faults = FindFaults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> FindFaults(SmartTicketStoreOptions options)
    {
        const string Prefix = $"{nameof(SmartTicketStoreOptions)}.";
        if (FindCache(options) is null)
        {
            yield return options.CacheName is null
                ? $"{Prefix}{nameof(options.CacheName)} is null, but no SmartCache is registered without a key: call services.AddSmart…Cache, or set the name of a keyed cache."
                : $"{Prefix}{nameof(options.CacheName)} is '{options.CacheName}', but no SmartCache is registered under that key: call services.AddKeyedSmart…Cache.";
        }

        if (options.Owner is null)
            yield return $"{Prefix}{nameof(options.Owner)} is null. If tickets have no owner, return null.";

        var schemes = services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.SchemeMap;
        foreach (var scheme in options.Schemes)
        {
            if (!schemes.TryGetValue(scheme, out var builder) || builder.HandlerType?.IsAssignableTo(typeof(CookieAuthenticationHandler)) != true)
                yield return $"{Prefix}{nameof(options.Schemes)} contains '{scheme}', which is no cookie scheme: call AddAuthentication().AddCookie(\"{scheme}\").";
        }
    }

    private SmartDistributedCache? FindCache(SmartTicketStoreOptions options) => options.CacheName is null
        ? services.GetService<SmartDistributedCache>()
        : services.GetKeyedService<SmartDistributedCache>(options.CacheName);
}
