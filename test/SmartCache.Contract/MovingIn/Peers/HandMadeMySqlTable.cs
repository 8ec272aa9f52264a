namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>A table of nobody's on MySQL: timestamps that follow the session's time zone, keys under a collation that ignores case and accents.</summary>
public sealed class HandMadeMySqlTable : PeerTable
{
    public override string Create =>
        """
        CREATE TABLE {0} (`the key` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, bytes blob,
          ends_at timestamp(3) NULL, `window` decimal(20, 4), `ends for good` bigint)
        """;

    public override string Insert => "SET time_zone = '+00:00'; INSERT INTO {0} VALUES (@key, @value, {1}, {2}, UNIX_TIMESTAMP({3}) * 1000)";

    public override bool? NullNeverExpires => false;

    public override LegacyTable Describe(string table) => new()
    {
        TableName = table,
        KeyColumn = "the key",
        ValueColumn = "bytes",
        ExpiresAtColumn = "ends_at",
        ExpiresAtStoredAs = LegacyTime.TimestampWithTimeZone,
        SlidingColumn = "window",
        SlidingStoredAs = LegacySpan.Seconds,
        AbsoluteColumn = "ends for good",
        AbsoluteStoredAs = LegacyTime.UnixMilliseconds,
    };

    public override string Moment(DateTimeOffset moment) => Text(moment);

    public override string Span(TimeSpan span) => Number(span.TotalSeconds);
}
