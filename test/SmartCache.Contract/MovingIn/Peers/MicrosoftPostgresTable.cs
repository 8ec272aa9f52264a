namespace SmartCache.Contract.MovingIn.Peers;

/// <summary>Microsoft.Extensions.Caching.Postgres 1.x, which lets the server fold its names to small letters.</summary>
public sealed class MicrosoftPostgresTable : PeerTable
{
    public override string FixedName => "microsoft_cache";

    public override string Create =>
        """
        CREATE TABLE {0} (id varchar(449) COLLATE "C" PRIMARY KEY, value bytea NOT NULL, expiresattime timestamptz NOT NULL,
          slidingexpirationinseconds bigint NULL, absoluteexpiration timestamptz NULL)
        """;

    public override string Insert => "INSERT INTO {0} (id, value, expiresattime, slidingexpirationinseconds, absoluteexpiration) VALUES (@key, @value, {1}, {2}, {3})";

    public override LegacyTable Describe(string table) => LegacyTable.MicrosoftPostgres("Public", "Microsoft_Cache");

    public override string Moment(DateTimeOffset moment) => Text(moment, "+00");

    public override string Span(TimeSpan span) => Number(Math.Floor(span.TotalSeconds));
}
