namespace SmartCache;

/// <summary>
/// The table of another distributed cache in the same database. Its sessions and values are migrated when they are first asked for, so
/// that switching logs no one out. The methods describe the tables of known packages; describe any other table yourself.
/// docs/migration.md says what happens to each row.
/// </summary>
public sealed class LegacyTable
{
    /// <summary>The table's schema; on MySQL its database.</summary>
    /// <value>Default null: the connection's.</value>
    public string? SchemaName { get; set; }

    /// <summary>The table, which must not be the cache's own.</summary>
    /// <value>No default.</value>
    public string TableName { get; set; } = "";

    /// <summary>The column with the cache key, as text.</summary>
    /// <value>Default <c>Id</c>.</value>
    public string KeyColumn { get; set; } = "Id";

    /// <summary>The column with the value.</summary>
    /// <value>Default <c>Value</c>.</value>
    public string ValueColumn { get; set; } = "Value";

    /// <summary>The column with the expiry.</summary>
    /// <value>Default <c>ExpiresAtTime</c>.</value>
    public string ExpiresAtColumn { get; set; } = "ExpiresAtTime";

    /// <summary>The type of <see cref="ExpiresAtColumn"/>.</summary>
    /// <value>Default <see cref="LegacyTime.Timestamp"/>.</value>
    public LegacyTime ExpiresAtStoredAs { get; set; } = LegacyTime.Timestamp;

    /// <summary>Whether a row with null in <see cref="ExpiresAtColumn"/> never expires. Otherwise it counts as expired.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool NullNeverExpires { get; set; }

    /// <summary>The column with the sliding window; null if there is none.</summary>
    /// <value>Default <c>SlidingExpirationInSeconds</c>.</value>
    public string? SlidingColumn { get; set; } = "SlidingExpirationInSeconds";

    /// <summary>The type of <see cref="SlidingColumn"/>.</summary>
    /// <value>Default <see cref="LegacySpan.Seconds"/>.</value>
    public LegacySpan SlidingStoredAs { get; set; } = LegacySpan.Seconds;

    /// <summary>The column with the absolute expiry; null if there is none.</summary>
    /// <value>Default <c>AbsoluteExpiration</c>.</value>
    public string? AbsoluteColumn { get; set; } = "AbsoluteExpiration";

    /// <summary>The type of <see cref="AbsoluteColumn"/>.</summary>
    /// <value>Default <see cref="LegacyTime.Timestamp"/>.</value>
    public LegacyTime AbsoluteStoredAs { get; set; } = LegacyTime.Timestamp;

    /// <summary>The package that a ready-made description belongs to, and the package's engine.</summary>
    internal (string Package, string Engine)? Origin { get; private init; }

    /// <summary>The table of the package Microsoft.Extensions.Caching.Postgres.</summary>
    /// <param name="schemaName">Its <c>SchemaName</c>, in lower case whatever you wrote: the package does not quote names.</param>
    /// <param name="tableName">Its <c>TableName</c>, likewise.</param>
    public static LegacyTable MicrosoftPostgres(string schemaName, string tableName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(schemaName);
        ArgumentException.ThrowIfNullOrWhiteSpace(tableName);
        return new LegacyTable
        {
            Origin = ("Microsoft.Extensions.Caching.Postgres", "PostgreSQL"),
            SchemaName = schemaName.ToLowerInvariant(),
            TableName = tableName.ToLowerInvariant(),
            KeyColumn = "id",
            ValueColumn = "value",
            ExpiresAtColumn = "expiresattime",
            ExpiresAtStoredAs = LegacyTime.TimestampWithTimeZone,
            SlidingColumn = "slidingexpirationinseconds",
            AbsoluteColumn = "absoluteexpiration",
            AbsoluteStoredAs = LegacyTime.TimestampWithTimeZone,
        };
    }

    /// <summary>The table of the package Community.Microsoft.Extensions.Caching.PostgreSql.</summary>
    /// <param name="schemaName">Its <c>SchemaName</c>.</param>
    /// <param name="tableName">Its <c>TableName</c>.</param>
    public static LegacyTable CommunityPostgreSql(string schemaName, string tableName) => new()
    {
        Origin = ("Community.Microsoft.Extensions.Caching.PostgreSql", "PostgreSQL"),
        SchemaName = schemaName,
        TableName = tableName,
        ExpiresAtStoredAs = LegacyTime.TimestampWithTimeZone,
        AbsoluteStoredAs = LegacyTime.TimestampWithTimeZone,
    };

    /// <summary>The table of the package Pomelo.Extensions.Caching.MySql.</summary>
    /// <param name="tableName">Its <c>TableName</c>.</param>
    /// <param name="schemaName">Its <c>SchemaName</c>, if it is set.</param>
    public static LegacyTable PomeloMySql(string tableName, string? schemaName = null) => new()
    {
        Origin = ("Pomelo.Extensions.Caching.MySql", "MySQL"),
        SchemaName = schemaName,
        TableName = tableName,
    };

    /// <summary>The table of the package ScaledDomains.Extensions.Caching.MySql.</summary>
    /// <param name="tableName">Its <c>TableName</c>.</param>
    /// <param name="schemaName">The database in its connection string, if that is not this cache's.</param>
    public static LegacyTable ScaledDomainsMySql(string tableName, string? schemaName = null) => new()
    {
        Origin = ("ScaledDomains.Extensions.Caching.MySql", "MySQL"),
        SchemaName = schemaName,
        TableName = tableName,
        ExpiresAtColumn = "ExpiresAt",
        SlidingColumn = "SlidingExpiration",
        SlidingStoredAs = LegacySpan.Interval,
    };

    /// <summary>The table of the package NeoSmart.Caching.Sqlite. This cache must use the same file.</summary>
    public static LegacyTable NeoSmartSqlite() => new()
    {
        Origin = ("NeoSmart.Caching.Sqlite", "SQLite"),
        TableName = "cache",
        KeyColumn = "key",
        ValueColumn = "value",
        ExpiresAtColumn = "expiry",
        ExpiresAtStoredAs = LegacyTime.Ticks,
        NullNeverExpires = true,
        SlidingColumn = "renewal",
        SlidingStoredAs = LegacySpan.Ticks,
        AbsoluteColumn = null,
    };

    internal IEnumerable<(string Option, string? Name)> Columns() =>
    [
        (nameof(KeyColumn), KeyColumn),
        (nameof(ValueColumn), ValueColumn),
        (nameof(ExpiresAtColumn), ExpiresAtColumn),
        (nameof(SlidingColumn), SlidingColumn),
        (nameof(AbsoluteColumn), AbsoluteColumn),
    ];
}

/// <summary>How a column of an old table holds a moment.</summary>
public enum LegacyTime
{
    /// <summary>A date and time without a time zone, meant as UTC: <c>timestamp</c>, <c>DATETIME</c>, or SQLite's text.</summary>
    Timestamp,

    /// <summary>A date and time of which the database knows the time zone: <c>timestamptz</c>, MySQL's <c>TIMESTAMP</c>.</summary>
    TimestampWithTimeZone,

    /// <summary>A number: seconds since 1970 in UTC.</summary>
    UnixSeconds,

    /// <summary>A number: milliseconds since 1970 in UTC.</summary>
    UnixMilliseconds,

    /// <summary>A number: .NET's <c>DateTime.Ticks</c> in UTC, tenths of a microsecond since the year 1.</summary>
    Ticks,
}

/// <summary>How a column of an old table holds a span of time.</summary>
public enum LegacySpan
{
    /// <summary>A number of seconds, whole or not.</summary>
    Seconds,

    /// <summary>A number of milliseconds.</summary>
    Milliseconds,

    /// <summary>A number: .NET's <c>TimeSpan.Ticks</c>, tenths of a microsecond.</summary>
    Ticks,

    /// <summary>The database's own type: PostgreSQL's <c>interval</c>, MySQL's <c>TIME</c>.</summary>
    Interval,
}
