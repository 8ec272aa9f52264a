using SmartCache.Storage;

namespace SmartCache;

/// <summary>Finds every option that cannot work, as whole sentences that name it.</summary>
internal static class SmartCacheOptionsFaults
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestGracePeriod = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestRetries = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromDays(1);
    private const int MaxBatchSize = 100_000;
    private const int MaxMaxValueSize = 1 << 30;

    public static IEnumerable<string> Find(SmartCacheOptions options, SqlDialect dialect) =>
        NameFaults(options, dialect)
            .Concat(RangeFaults(options))
            .Concat(ProtectionFaults(options))
            .Concat(LegacyFaults(options, dialect))
            .Concat(dialect.Validate(options));

    /// <summary>The sentence that says what is wrong with an option.</summary>
    public static string Sentence(SmartCacheOptions options, string option, string fault) => $"{options.GetType().Name}.{option} {fault}.";

    private static IEnumerable<string> NameFaults(SmartCacheOptions options, SqlDialect dialect)
    {
        if (dialect.FindFault(options.TableName) is { } fault)
        {
            yield return Sentence(options, nameof(options.TableName), fault);
        }

        if (options.Merge is null)
        {
            yield return Sentence(options, nameof(options.Merge), "must not be null");
        }

        if (options.Columns is null)
        {
            yield return Sentence(options, nameof(options.Columns), "must not be null");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (option, column) in options.Columns.All())
        {
            if (dialect.FindFault(column) is { } columnFault)
            {
                yield return Sentence(options, $"{nameof(options.Columns)}.{option}", columnFault);
            }
            else if (!seen.Add(column))
            {
                yield return Sentence(options, $"{nameof(options.Columns)}.{option}", $"is '{column}', which another column is called already");
            }
        }
    }

    private static IEnumerable<string> RangeFaults(SmartCacheOptions options)
    {
        if (!Enum.IsDefined(options.Concurrency))
        {
            yield return Sentence(options, nameof(options.Concurrency), $"is {options.Concurrency}, which is not one of its values");
        }

        if (!Enum.IsDefined(options.RefreshMode))
        {
            yield return Sentence(options, nameof(options.RefreshMode), $"is {options.RefreshMode}, which is not one of its values");
        }

        if (!Enum.IsDefined(options.RemovedDuringRequest))
        {
            yield return Sentence(options, nameof(options.RemovedDuringRequest), $"is {options.RemovedDuringRequest}, which is not one of its values");
        }

        if (!Enum.IsDefined(options.PayloadFormat))
        {
            yield return Sentence(options, nameof(options.PayloadFormat), $"is {options.PayloadFormat}, which is not one of its values");
        }

        if (options.DefaultSlidingExpiration <= TimeSpan.Zero)
        {
            yield return Sentence(options, nameof(options.DefaultSlidingExpiration), $"is {options.DefaultSlidingExpiration}; it must be more than zero");
        }

        if (options.ExpiredRemovalInterval < TimeSpan.FromSeconds(1) || options.ExpiredRemovalInterval > LongestInterval)
        {
            yield return Sentence(options, nameof(options.ExpiredRemovalInterval), $"is {options.ExpiredRemovalInterval}; it must be 1 second to {LongestInterval.Days} days, or null for never");
        }

        if (options.ExpiredRemovalBatchSize is < 1 or > MaxBatchSize)
        {
            yield return Sentence(options, nameof(options.ExpiredRemovalBatchSize), $"is {options.ExpiredRemovalBatchSize}; it must be 1 to {MaxBatchSize}");
        }

        if (options.ExpiredRemovalGracePeriod < SmartCacheOptions.LongestFlushDelay || options.ExpiredRemovalGracePeriod > LongestGracePeriod)
        {
            yield return Sentence(
                options,
                nameof(options.ExpiredRemovalGracePeriod),
                $"is {options.ExpiredRemovalGracePeriod}; it must be {SmartCacheOptions.LongestFlushDelay}, since an access may be flushed that late, to {LongestGracePeriod.Days} days");
        }

        if (options.MaxRetryDuration < TimeSpan.Zero || options.MaxRetryDuration > LongestRetries)
        {
            yield return Sentence(options, nameof(options.MaxRetryDuration), $"is {options.MaxRetryDuration}; it must be 0 to {LongestRetries.Minutes} minutes");
        }

        if (options.CircuitBreakDuration < ShortestBreak || options.CircuitBreakDuration > LongestBreak)
        {
            yield return Sentence(
                options,
                nameof(options.CircuitBreakDuration),
                $"is {options.CircuitBreakDuration}; it must be {ShortestBreak.TotalMilliseconds} milliseconds to {LongestBreak.Days} day, or null for no circuit breaker");
        }

        if (options.CircuitBreakDuration is not null && options.Resilience is not null)
        {
            yield return Sentence(options, nameof(options.CircuitBreakDuration), $"and {nameof(options.Resilience)} are both set; add a circuit breaker to the pipeline of your own");
        }

        if (options.MaxValueSize is < 1 or > MaxMaxValueSize)
        {
            yield return Sentence(options, nameof(options.MaxValueSize), $"is {options.MaxValueSize}; it must be 1 to {MaxMaxValueSize} bytes");
        }
    }

    private static IEnumerable<string> ProtectionFaults(SmartCacheOptions options)
    {
        if (options is { ProtectPayload: false, RequireProtectedPayload: true })
        {
            yield return Sentence(options, nameof(options.RequireProtectedPayload), $"is set without {nameof(options.ProtectPayload)}");
        }

        if (options is { ProtectPayload: true, PayloadFormat: PayloadFormat.Json })
        {
            yield return Sentence(
                options,
                nameof(options.ProtectPayload), $"and {nameof(options.PayloadFormat)}.{nameof(PayloadFormat.Json)} are both set; what is encrypted nobody reads in SQL: set one of them");
        }
    }

    private static IEnumerable<string> LegacyFaults(SmartCacheOptions options, SqlDialect dialect) =>
        options.LegacyTable is not { } legacy ? [] :
            from fault in LegacyTableFaults.Find(legacy, options, dialect)
            select Sentence(options, fault.Option.Length == 0 ? nameof(options.LegacyTable) : $"{nameof(options.LegacyTable)}.{fault.Option}", fault.Fault);
}
