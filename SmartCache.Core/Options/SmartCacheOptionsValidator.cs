using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace SmartCache;

/// <summary>Names every option that cannot work, all at once: when the host starts, and again when a cache is built without one.</summary>
/// <typeparam name="TOptions">The engine's options.</typeparam>
/// <param name="services">Where Data Protection is to be found.</param>
internal sealed class SmartCacheOptionsValidator<TOptions>(IServiceProvider services) : IValidateOptions<TOptions>
    where TOptions : SmartCacheOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var faults = ServiceFaults(options).Concat(SmartCacheOptionsFaults.Find(options, options.CreateDialect())).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>What a cache built without services is given in another way.</summary>
    private IEnumerable<string> ServiceFaults(TOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString) == (options.DataSource is null))
        {
            yield return SmartCacheOptionsFaults.Sentence(
                options,
                nameof(options.ConnectionString),
                options.DataSource is null
                    ? $"is missing; set it or {nameof(options.DataSource)}"
                    : $"and {nameof(options.DataSource)} are both set; set one of them");
        }

        if (options.ProtectPayload && services.GetService(typeof(IDataProtectionProvider)) is null)
        {
            yield return SmartCacheOptionsFaults.Sentence(
                options,
                nameof(options.ProtectPayload),
                "is set, but Data Protection is not among the services: call services.AddSession() or services.AddDataProtection()");
        }
    }
}
