namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>Pomelo.Extensions.Caching.MySql, and others that are shaped like the SQL Server cache's table.</summary>
public sealed class PomeloTable : PeerTable
{
    public override string Create =>
        """
        CREATE TABLE {0} (`Id` varchar(449) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `AbsoluteExpiration` datetime(6) DEFAULT NULL,
          `ExpiresAtTime` datetime(6) NOT NULL, `SlidingExpirationInSeconds` bigint(20) DEFAULT NULL, `Value` longblob NOT NULL,
          PRIMARY KEY (`Id`), KEY `Index_ExpiresAtTime` (`ExpiresAtTime`))
        """;

    public override string Insert =>
        "INSERT INTO {0} (Id, Value, ExpiresAtTime, SlidingExpirationInSeconds, AbsoluteExpiration) VALUES (@key, @value, {1}, {2}, {3})";

    public override LegacyTable Describe(string table) => LegacyTable.PomeloMySql(table);

    public override string Moment(DateTimeOffset moment) => Text(moment);

    public override string Span(TimeSpan span) => Number(Math.Floor(span.TotalSeconds));
}
