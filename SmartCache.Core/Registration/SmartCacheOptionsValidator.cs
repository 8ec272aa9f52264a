using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using SmartCache.Sql;

namespace SmartCache.Registration;

/// <summary>Names every option of one cache that cannot work, all at once, when the host starts and when the options are first used.</summary>
/// <typeparam name="TOptions">The engine's options.</typeparam>
/// <param name="services">Where Data Protection is looked for.</param>
/// <param name="cache">The key of a keyed cache; null for the cache without a key.</param>
internal sealed class SmartCacheOptionsValidator<TOptions>(IServiceProvider services, Func<TOptions, SqlDialect> dialect, string? cache = null)
    : IValidateOptions<TOptions>
    where TOptions : SmartCacheOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if ((name ?? Options.DefaultName) != (cache ?? Options.DefaultName))
            return ValidateOptionsResult.Skip;

        var faults = ServiceFaults(options).Concat(OptionFaults.Find(options, dialect(options)))
            .Select(fault => cache is null ? fault : $"Cache '{cache}': {fault}")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>What the constructor of the cache is given in another way.</summary>
    private IEnumerable<string> ServiceFaults(TOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString) == (options.DataSource is null))
        {
            yield return OptionFaults.Sentence(
                options,
                nameof(options.ConnectionString),
                options.DataSource is null
                    ? $"is missing; set it or {nameof(options.DataSource)}"
                    : $"and {nameof(options.DataSource)} are both set; set one of them");
        }

        if (options.ProtectPayload && services.GetService(typeof(IDataProtectionProvider)) is null)
        {
            yield return OptionFaults.Sentence(
                options,
                nameof(options.ProtectPayload),
                "is set, but Data Protection is not registered: call services.AddSession() or services.AddDataProtection()");
        }
    }
}
