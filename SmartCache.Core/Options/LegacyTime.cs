namespace SmartCache;

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
