namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>Community.Microsoft.Extensions.Caching.PostgreSql 5.x: capitals, windows as fractions of seconds.</summary>
public sealed class CommunityPostgreSqlTable : PeerTable
{
    public override string Create =>
        """
        CREATE TABLE {0} ("Id" text COLLATE pg_catalog."default" NOT NULL, "Value" bytea, "ExpiresAtTime" timestamp with time zone,
          "SlidingExpirationInSeconds" double precision, "AbsoluteExpiration" timestamp with time zone, PRIMARY KEY ("Id"))
        """;

    public override string Insert =>
        """INSERT INTO {0} ("Id", "Value", "ExpiresAtTime", "SlidingExpirationInSeconds", "AbsoluteExpiration") VALUES (@key, @value, {1}, {2}, {3})""";

    public override bool? NullNeverExpires => false;

    public override LegacyTable Describe(string table) => LegacyTable.CommunityPostgreSql("public", table);

    public override string Moment(DateTimeOffset moment) => Text(moment, "+00");

    public override string Span(TimeSpan span) => Number(span.TotalSeconds);
}
