using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using SmartCache.Storage;

namespace SmartCache;

/// <summary>Names every option that cannot work, all at once: when the host starts, and again when a cache is built without one.</summary>
/// <typeparam name="TOptions">The engine's options.</typeparam>
/// <param name="services">Where Data Protection is to be found.</param>
internal sealed class SmartCacheOptionsValidator<TOptions>(IServiceProvider services) : IValidateOptions<TOptions>
    where TOptions : SmartCacheOptions
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestGracePeriod = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestRetries = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromDays(1);
    private const int MaxBatchSize = 100_000;
    private const int MaxMaxValueSize = 1 << 30;

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(TOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString) == (options.DataSource is null))
        {
            yield return options.DataSource is null
                ? Failure(nameof(options.ConnectionString), $"is missing; set it or {nameof(options.DataSource)}")
                : Failure(nameof(options.ConnectionString), $"and {nameof(options.DataSource)} are both set; set one of them");
        }

        var dialect = options.CreateDialect();
        foreach (var failure in NameFailures(options, dialect)
            .Concat(RangeFailures(options))
            .Concat(ProtectionFailures(options))
            .Concat(LegacyFailures(options, dialect))
            .Concat(dialect.Validate(options)))
        {
            yield return failure;
        }
    }

    private static IEnumerable<string> NameFailures(TOptions options, SqlDialect dialect)
    {
        if (dialect.FindFault(options.TableName) is { } fault)
        {
            yield return Failure(nameof(options.TableName), fault);
        }

        if (options.Merge is null)
        {
            yield return Failure(nameof(options.Merge), "must not be null");
        }

        if (options.Columns is null)
        {
            yield return Failure(nameof(options.Columns), "must not be null");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (option, column) in options.Columns.All())
        {
            if (dialect.FindFault(column) is { } columnFault)
            {
                yield return Failure($"{nameof(options.Columns)}.{option}", columnFault);
            }
            else if (!seen.Add(column))
            {
                yield return Failure($"{nameof(options.Columns)}.{option}", $"is '{column}', which another column is called already");
            }
        }
    }

    private static IEnumerable<string> RangeFailures(TOptions options)
    {
        if (!Enum.IsDefined(options.Concurrency))
        {
            yield return Failure(nameof(options.Concurrency), $"is {options.Concurrency}, which is not one of its values");
        }

        if (!Enum.IsDefined(options.RefreshMode))
        {
            yield return Failure(nameof(options.RefreshMode), $"is {options.RefreshMode}, which is not one of its values");
        }

        if (!Enum.IsDefined(options.RemovedDuringRequest))
        {
            yield return Failure(nameof(options.RemovedDuringRequest), $"is {options.RemovedDuringRequest}, which is not one of its values");
        }

        if (!Enum.IsDefined(options.PayloadFormat))
        {
            yield return Failure(nameof(options.PayloadFormat), $"is {options.PayloadFormat}, which is not one of its values");
        }

        if (options.DefaultSlidingExpiration <= TimeSpan.Zero)
        {
            yield return Failure(nameof(options.DefaultSlidingExpiration), $"is {options.DefaultSlidingExpiration}; it must be more than zero");
        }

        if (options.ExpiredRemovalInterval < TimeSpan.FromSeconds(1) || options.ExpiredRemovalInterval > LongestInterval)
        {
            yield return Failure(nameof(options.ExpiredRemovalInterval), $"is {options.ExpiredRemovalInterval}; it must be 1 second to {LongestInterval.Days} days, or null for never");
        }

        if (options.ExpiredRemovalBatchSize is < 1 or > MaxBatchSize)
        {
            yield return Failure(nameof(options.ExpiredRemovalBatchSize), $"is {options.ExpiredRemovalBatchSize}; it must be 1 to {MaxBatchSize}");
        }

        if (options.ExpiredRemovalGracePeriod < SmartCacheOptions.LongestFlushDelay || options.ExpiredRemovalGracePeriod > LongestGracePeriod)
        {
            yield return Failure(
                nameof(options.ExpiredRemovalGracePeriod),
                $"is {options.ExpiredRemovalGracePeriod}; it must be {SmartCacheOptions.LongestFlushDelay}, since an access may be flushed that late, to {LongestGracePeriod.Days} days");
        }

        if (options.MaxRetryDuration < TimeSpan.Zero || options.MaxRetryDuration > LongestRetries)
        {
            yield return Failure(nameof(options.MaxRetryDuration), $"is {options.MaxRetryDuration}; it must be 0 to {LongestRetries.Minutes} minutes");
        }

        if (options.CircuitBreakDuration < ShortestBreak || options.CircuitBreakDuration > LongestBreak)
        {
            yield return Failure(
                nameof(options.CircuitBreakDuration),
                $"is {options.CircuitBreakDuration}; it must be {ShortestBreak.TotalMilliseconds} milliseconds to {LongestBreak.Days} day, or null for no circuit breaker");
        }

        if (options.CircuitBreakDuration is not null && options.Resilience is not null)
        {
            yield return Failure(nameof(options.CircuitBreakDuration), $"and {nameof(options.Resilience)} are both set; add a circuit breaker to the pipeline of your own");
        }

        if (options.MaxValueSize is < 1 or > MaxMaxValueSize)
        {
            yield return Failure(nameof(options.MaxValueSize), $"is {options.MaxValueSize}; it must be 1 to {MaxMaxValueSize} bytes");
        }
    }

    private IEnumerable<string> ProtectionFailures(TOptions options)
    {
        if (options.ProtectPayload && services.GetService(typeof(IDataProtectionProvider)) is null)
        {
            yield return Failure(
                nameof(options.ProtectPayload), "is set, but Data Protection is not among the services: call services.AddSession() or services.AddDataProtection()");
        }

        if (options is { ProtectPayload: false, RequireProtectedPayload: true })
        {
            yield return Failure(nameof(options.RequireProtectedPayload), $"is set without {nameof(options.ProtectPayload)}");
        }

        if (options is { ProtectPayload: true, PayloadFormat: PayloadFormat.Json })
        {
            yield return Failure(
                nameof(options.ProtectPayload), $"and {nameof(options.PayloadFormat)}.{nameof(PayloadFormat.Json)} are both set; what is encrypted nobody reads in SQL: set one of them");
        }
    }

    private static IEnumerable<string> LegacyFailures(TOptions options, SqlDialect dialect) =>
        options.LegacyTable is not { } legacy ? [] :
            from fault in LegacyTableFaults.Find(legacy, options, dialect)
            select Failure(fault.Option.Length == 0 ? nameof(options.LegacyTable) : $"{nameof(options.LegacyTable)}.{fault.Option}", fault.Fault);

    private static string Failure(string option, string fault) => $"{typeof(TOptions).Name}.{option} {fault}.";
}
