namespace SmartCache.Contract.Migration;

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

/// <summary>NeoSmart.Caching.Sqlite, schema version 1: expiry and window in ticks, an absolute expiry only as an expiry without a window.</summary>
public sealed class NeoSmartTable : PeerTable
{
    public override string FixedName => "cache";

    public override string Create => """CREATE TABLE {0} ("key" varchar NOT NULL, "value" BLOB, "expiry" INTEGER, "renewal" INTEGER, PRIMARY KEY ("key")) WITHOUT ROWID""";

    public override string Insert => """INSERT INTO {0} ("key", "value", "expiry", "renewal") VALUES (@key, @value, {1}, {2})""";

    public override bool HasAbsolute => false;

    public override bool? NullNeverExpires => true;

    public override LegacyTable Describe(string table) => LegacyTable.NeoSmartSqlite();

    public override string Moment(DateTimeOffset moment) => moment.UtcTicks.ToString(CultureInfo.InvariantCulture);

    public override string Span(TimeSpan span) => span.Ticks.ToString(CultureInfo.InvariantCulture);
}

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
