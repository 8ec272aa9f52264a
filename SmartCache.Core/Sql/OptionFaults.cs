namespace SmartCache.Sql;

/// <summary>Finds every option that cannot work, as whole sentences that name it.</summary>
internal static class OptionFaults
{
    private const int MaxBatchSize = 100_000;
    private const int MaxConnections = 64;
    private const int MaxMaxValueSize = 1 << 30;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestGracePeriod = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestRetries = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromDays(1);

    public static IEnumerable<string> Find(SmartCacheOptions options, SqlDialect dialect) =>
        NameFaults(options, dialect)
            .Concat(ValueFaults(options))
            .Concat(LegacyFaults(options, dialect))
            .Where(static found => found.Fault is not null)
            .Select(found => Sentence(options, found.Option, found.Fault!))
            .Concat(dialect.Validate());

    /// <summary>The sentence that says what is wrong with an option.</summary>
    public static string Sentence(SmartCacheOptions options, string option, string fault) => $"{options.GetType().Name}.{option} {fault}.";

    private static IEnumerable<(string Option, string? Fault)> NameFaults(SmartCacheOptions options, SqlDialect dialect)
    {
        yield return (nameof(options.TableName), dialect.FindFault(options.TableName));
        yield return (nameof(options.Merge), options.Merge is null ? "must not be null" : null);
        if (options.Columns is null)
        {
            yield return (nameof(options.Columns), "must not be null");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (option, column) in options.Columns.All())
        {
            var fault = dialect.FindFault(column) ?? (seen.Add(column) ? null : $"is '{column}', which another column is called already");
            yield return ($"{nameof(options.Columns)}.{option}", fault);
        }
    }

    private static IEnumerable<(string Option, string? Fault)> ValueFaults(SmartCacheOptions options)
    {
        yield return (nameof(options.Concurrency), Undefined(options.Concurrency));
        yield return (nameof(options.RefreshMode), Undefined(options.RefreshMode));
        yield return (nameof(options.RemovedDuringRequest), Undefined(options.RemovedDuringRequest));
        yield return (nameof(options.PayloadFormat), Undefined(options.PayloadFormat));
        yield return (nameof(options.DefaultSlidingExpiration), options.DefaultSlidingExpiration > TimeSpan.Zero
            ? null : $"is {options.DefaultSlidingExpiration}; it must be more than zero");
        yield return (nameof(options.ExpiredRemovalInterval), options.ExpiredRemovalInterval is { } interval && (interval < TimeSpan.FromSeconds(1) || interval > LongestInterval)
            ? $"is {interval}; it must be 1 second to {LongestInterval.Days} days, or null for never" : null);
        yield return (nameof(options.ExpiredRemovalBatchSize), options.ExpiredRemovalBatchSize is < 1 or > MaxBatchSize
            ? $"is {options.ExpiredRemovalBatchSize}; it must be 1 to {MaxBatchSize}" : null);
        yield return (nameof(options.ExpiredRemovalGracePeriod),
            options.ExpiredRemovalGracePeriod < SmartCacheOptions.LongestFlushDelay || options.ExpiredRemovalGracePeriod > LongestGracePeriod
            ? $"is {options.ExpiredRemovalGracePeriod}; it must be {SmartCacheOptions.LongestFlushDelay}, because a touch may be flushed that late, to {LongestGracePeriod.Days} days" : null);
        yield return (nameof(options.CompressionThreshold), options.CompressionThreshold is < 1 or > MaxMaxValueSize
            ? $"is {options.CompressionThreshold}; it must be 1 byte to 1 GiB, or null for no compression" : null);
        yield return (nameof(options.CoalescingConnections), options.CoalescingConnections is < 0 or > MaxConnections
            ? $"is {options.CoalescingConnections}; it must be 0 to {MaxConnections}" : null);
        yield return (nameof(options.MaxRetryDuration), options.MaxRetryDuration < TimeSpan.Zero || options.MaxRetryDuration > LongestRetries
            ? $"is {options.MaxRetryDuration}; it must be 0 to {LongestRetries.Minutes} minutes" : null);
        yield return (nameof(options.CircuitBreakDuration), options.CircuitBreakDuration < ShortestBreak || options.CircuitBreakDuration > LongestBreak
            ? $"is {options.CircuitBreakDuration}; it must be {ShortestBreak.TotalMilliseconds} milliseconds to {LongestBreak.Days} day, or null for no circuit breaker" : null);
        yield return (nameof(options.CircuitBreakDuration), options.CircuitBreakDuration is not null && options.Resilience is not null
            ? $"and {nameof(options.Resilience)} are both set; add a circuit breaker to your own pipeline" : null);
        yield return (nameof(options.MaxValueSize), options.MaxValueSize is < 1 or > MaxMaxValueSize
            ? $"is {options.MaxValueSize}; it must be 1 to {MaxMaxValueSize} bytes" : null);
        yield return (nameof(options.RequireProtectedPayload), options is { ProtectPayload: false, RequireProtectedPayload: true }
            ? $"is set without {nameof(options.ProtectPayload)}" : null);
        yield return (nameof(options.ProtectPayload), options is { ProtectPayload: true, PayloadFormat: PayloadFormat.Json }
            ? $"and {nameof(options.PayloadFormat)}.{nameof(PayloadFormat.Json)} are both set; SQL cannot read what is encrypted: set one of them" : null);
    }

    private static IEnumerable<(string Option, string? Fault)> LegacyFaults(SmartCacheOptions options, SqlDialect dialect)
    {
        if (options.LegacyTable is not { } legacy)
        {
            yield break;
        }

        if (legacy.Origin is { } origin && origin.Engine != dialect.EngineName)
        {
            yield return (nameof(options.LegacyTable), $"is the table of {origin.Package} on {origin.Engine}, but this cache is on {dialect.EngineName}");
            yield break;
        }

        if (dialect.LegacyKeyBytes("") is null)
        {
            yield return (nameof(options.LegacyTable), $"is set, but the provider for {dialect.EngineName} cannot read old tables");
            yield break;
        }

        static string Of(string option) => $"{nameof(SmartCacheOptions.LegacyTable)}.{option}";
        yield return (Of(nameof(legacy.SchemaName)), legacy.SchemaName is null ? null : dialect.FindFault(legacy.SchemaName));
        yield return (Of(nameof(legacy.TableName)), dialect.FindFault(legacy.TableName)
            ?? (legacy.TableName == options.TableName && legacy.SchemaName == dialect.Schema ? $"is '{legacy.TableName}', the cache's own table" : null));
        foreach (var (option, column) in legacy.Columns())
        {
            var mayBeNull = option is nameof(legacy.SlidingColumn) or nameof(legacy.AbsoluteColumn);
            yield return (Of(option), column is null && mayBeNull ? null : dialect.FindFault(column));
        }

        yield return (Of(nameof(legacy.ExpiresAtStoredAs)), Fault(legacy.ExpiresAtStoredAs, dialect));
        yield return (Of(nameof(legacy.AbsoluteStoredAs)), legacy.AbsoluteColumn is null ? null : Fault(legacy.AbsoluteStoredAs, dialect));
        yield return (Of(nameof(legacy.SlidingStoredAs)), legacy.SlidingColumn is null ? null : Undefined(legacy.SlidingStoredAs)
            ?? (legacy.SlidingStoredAs == LegacySpan.Interval && dialect.LegacyIntervalMilliseconds("") is null
                ? $"is {legacy.SlidingStoredAs}, which {dialect.EngineName} does not have" : null));
    }

    private static string? Fault(LegacyTime storedAs, SqlDialect dialect) => Undefined(storedAs)
        ?? (storedAs is LegacyTime.Timestamp or LegacyTime.TimestampWithTimeZone
            && dialect.LegacyUnixMilliseconds("", hasTimeZone: storedAs == LegacyTime.TimestampWithTimeZone) is null
            ? $"is {storedAs}, which {dialect.EngineName} does not have" : null);

    private static string? Undefined<TEnum>(TEnum value)
        where TEnum : struct, Enum => Enum.IsDefined(value) ? null : $"is {value}, which is not one of its values";
}
