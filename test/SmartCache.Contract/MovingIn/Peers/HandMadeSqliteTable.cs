namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>A table of nobody's on SQLite: dates as texts, keys under a collation that ignores case, names with blanks.</summary>
public sealed class HandMadeSqliteTable : PeerTable
{
    public override string Create =>
        """CREATE TABLE {0} ("the key" TEXT COLLATE NOCASE PRIMARY KEY, "bytes" BLOB, "ends at" TEXT, "window" INTEGER, "ends for good" TEXT)""";

    public override string Insert => """INSERT INTO {0} VALUES (@key, @value, {1}, {2}, {3})""";

    public override bool? NullNeverExpires => false;

    public override LegacyTable Describe(string table) => new()
    {
        TableName = table,
        KeyColumn = "the key",
        ValueColumn = "bytes",
        ExpiresAtColumn = "ends at",
        ExpiresAtStoredAs = LegacyTime.TimestampWithTimeZone,
        SlidingColumn = "window",
        SlidingStoredAs = LegacySpan.Milliseconds,
        AbsoluteColumn = "ends for good",
        AbsoluteStoredAs = LegacyTime.Timestamp,
    };

    public override string Moment(DateTimeOffset moment) => Text(moment.AddHours(2), "+02:00");

    public override string Span(TimeSpan span) => Number(span.TotalMilliseconds);
}
