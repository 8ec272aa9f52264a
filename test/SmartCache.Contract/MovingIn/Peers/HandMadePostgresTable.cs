namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>A table of nobody's on PostgreSQL: timestamps without time zone, an interval for the window.</summary>
public sealed class HandMadePostgresTable : PeerTable
{
    public override string Create => """CREATE TABLE {0} ("the key" varchar PRIMARY KEY, bytes bytea, ends_at timestamp, "window" interval, "ends for good" timestamp)""";

    public override string Insert => """INSERT INTO {0} VALUES (@key, @value, {1}, {2}, {3})""";

    public override bool? NullNeverExpires => false;

    public override LegacyTable Describe(string table) => new()
    {
        TableName = table,
        KeyColumn = "the key",
        ValueColumn = "bytes",
        ExpiresAtColumn = "ends_at",
        SlidingColumn = "window",
        SlidingStoredAs = LegacySpan.Interval,
        AbsoluteColumn = "ends for good",
    };

    public override string Moment(DateTimeOffset moment) => Text(moment);

    public override string Span(TimeSpan span) => $"interval '{Number(span.TotalSeconds)} seconds'";
}
