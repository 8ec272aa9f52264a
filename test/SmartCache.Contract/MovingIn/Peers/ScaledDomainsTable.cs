using System.Globalization;

namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>ScaledDomains.Extensions.Caching.MySql: the window as a time of day.</summary>
public sealed class ScaledDomainsTable : PeerTable
{
    public override string Create =>
        """
        CREATE TABLE {0} (`Id` varchar(767) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `AbsoluteExpiration` datetime(6) DEFAULT NULL,
          `ExpiresAt` datetime(6) NOT NULL, `SlidingExpiration` time(6) DEFAULT NULL, `Value` longblob NOT NULL,
          PRIMARY KEY (`Id`), KEY `Index_ExpiresAt` (`ExpiresAt`))
        """;

    public override string Insert => "INSERT INTO {0} (Id, Value, ExpiresAt, SlidingExpiration, AbsoluteExpiration) VALUES (@key, @value, {1}, {2}, {3})";

    public override LegacyTable Describe(string table) => LegacyTable.ScaledDomainsMySql(table);

    public override string Moment(DateTimeOffset moment) => Text(moment);

    public override string Span(TimeSpan span) => $"'{span.ToString(@"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture)}'";
}
