using SmartCache.Storage;

namespace SmartCache;

/// <summary>What cannot work about a description of an old table: the option's name below <c>LegacyTable</c>, and the end of a sentence.</summary>
internal static class LegacyTableFaults
{
    public static IEnumerable<(string Option, string Fault)> Find(LegacyTable legacy, SmartCacheOptions options, SqlDialect dialect)
    {
        if (legacy.Origin is { } origin && origin.Engine != dialect.EngineName)
        {
            return [("", $"is the table of {origin.Package} on {origin.Engine}, but this cache is on {dialect.EngineName}")];
        }

        return dialect.LegacyKeyBytes("") is null
            ? [("", $"is set, but the provider for {dialect.EngineName} cannot read old tables")]
            : [.. NameFaults(legacy, options, dialect), .. StorageFaults(legacy, dialect)];
    }

    private static IEnumerable<(string Option, string Fault)> NameFaults(LegacyTable legacy, SmartCacheOptions options, SqlDialect dialect)
    {
        if (legacy.SchemaName is not null && dialect.FindFault(legacy.SchemaName) is { } schemaFault)
        {
            yield return (nameof(legacy.SchemaName), schemaFault);
        }

        if (dialect.FindFault(legacy.TableName) is { } tableFault)
        {
            yield return (nameof(legacy.TableName), tableFault);
        }
        else if (legacy.TableName == options.TableName && legacy.SchemaName == dialect.Schema(options))
        {
            yield return (nameof(legacy.TableName), $"is '{legacy.TableName}', the cache's own table");
        }

        foreach (var (option, column) in legacy.Columns())
        {
            var mayBeNull = option is nameof(legacy.SlidingColumn) or nameof(legacy.AbsoluteColumn);
            if ((column is not null || !mayBeNull) && dialect.FindFault(column) is { } columnFault)
            {
                yield return (option, columnFault);
            }
        }
    }

    private static IEnumerable<(string Option, string Fault)> StorageFaults(LegacyTable legacy, SqlDialect dialect)
    {
        if (Fault(legacy.ExpiresAtStoredAs, dialect) is { } expiresFault)
        {
            yield return (nameof(legacy.ExpiresAtStoredAs), expiresFault);
        }

        if (legacy.AbsoluteColumn is not null && Fault(legacy.AbsoluteStoredAs, dialect) is { } absoluteFault)
        {
            yield return (nameof(legacy.AbsoluteStoredAs), absoluteFault);
        }

        if (legacy.SlidingColumn is not null && Fault(legacy.SlidingStoredAs, dialect) is { } slidingFault)
        {
            yield return (nameof(legacy.SlidingStoredAs), slidingFault);
        }
    }

    private static string? Fault(LegacyTime storedAs, SqlDialect dialect) =>
        !Enum.IsDefined(storedAs) ? $"is {storedAs}, which is not one of its values"
        : storedAs is LegacyTime.Timestamp or LegacyTime.TimestampWithTimeZone
            && dialect.LegacyUnixMilliseconds("", hasTimeZone: storedAs == LegacyTime.TimestampWithTimeZone) is null
            ? $"is {storedAs}, which {dialect.EngineName} does not have"
        : null;

    private static string? Fault(LegacySpan storedAs, SqlDialect dialect) =>
        !Enum.IsDefined(storedAs) ? $"is {storedAs}, which is not one of its values"
        : storedAs == LegacySpan.Interval && dialect.LegacyIntervalMilliseconds("") is null
            ? $"is {storedAs}, which {dialect.EngineName} does not have"
        : null;
}
