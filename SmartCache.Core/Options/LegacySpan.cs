namespace SmartCache;

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
