namespace SmartCache.Contract.Migration;

/// <summary>A table as another cache creates it, and how that cache writes a row into it.</summary>
/// <param name="create">Creates the table, for which <c>{0}</c> stands.</param>
/// <param name="insert">Inserts <c>@key</c> and <c>@value</c> into <c>{0}</c>, with expiry, window and absolute expiry <c>{1} {2} {3}</c>.</param>
/// <param name="describe">The description under test.</param>
/// <param name="moment">A moment as the cache writes it.</param>
/// <param name="span">A sliding window as the cache writes it.</param>
/// <param name="fixedName">The name that its cache insists on; null if its users choose one.</param>
/// <param name="hasAbsolute">Whether the table has an absolute expiry beside the sliding one.</param>
/// <param name="nullNeverExpires">What a row without an expiry means there; null if there can be none.</param>
public abstract class PeerTable(
    string create,
    string insert,
    Func<string, LegacyTable> describe,
    Func<DateTimeOffset, string> moment,
    Func<TimeSpan, string> span,
    string? fixedName = null,
    bool hasAbsolute = true,
    bool? nullNeverExpires = null)
{
    public string Create => create;
    public string Insert => insert;
    public string? FixedName => fixedName;
    public bool HasAbsolute => hasAbsolute;
    public bool? NullNeverExpires => nullNeverExpires;

    public LegacyTable Describe(string table) => describe(table);

    public string Moment(DateTimeOffset at) => moment(at);

    public string Span(TimeSpan window) => span(window);

    protected static string Text(DateTimeOffset moment) => Text(moment, "");

    protected static string Text(DateTimeOffset moment, string end) =>
        $"'{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}{end}'";

    protected static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("R", CultureInfo.InvariantCulture);

    protected static string WholeSeconds(TimeSpan span) => Math.Floor(span.TotalSeconds).ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Community.Microsoft.Extensions.Caching.PostgreSql 5.x: capitals, windows as fractions of seconds.</summary>
public sealed class CommunityPostgreSqlTable() : PeerTable(
    """
    CREATE TABLE {0} ("Id" text COLLATE pg_catalog."default" NOT NULL, "Value" bytea, "ExpiresAtTime" timestamp with time zone,
      "SlidingExpirationInSeconds" double precision, "AbsoluteExpiration" timestamp with time zone, PRIMARY KEY ("Id"))
    """,
    """INSERT INTO {0} ("Id", "Value", "ExpiresAtTime", "SlidingExpirationInSeconds", "AbsoluteExpiration") VALUES (@key, @value, {1}, {2}, {3})""",
    static table => LegacyTable.CommunityPostgreSql("public", table),
    static moment => Text(moment, "+00"),
    Seconds,
    nullNeverExpires: false);

/// <summary>A table described by hand on MySQL: timestamps in the session's time zone, keys under a collation that ignores case and accents.</summary>
public sealed class HandMadeMySqlTable() : PeerTable(
    """
    CREATE TABLE {0} (`the key` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, bytes blob,
      ends_at timestamp(3) NULL, `window` decimal(20, 4), `ends for good` bigint)
    """,
    "SET time_zone = '+00:00'; INSERT INTO {0} VALUES (@key, @value, {1}, {2}, UNIX_TIMESTAMP({3}) * 1000)",
    static table => new()
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
    },
    Text,
    Seconds,
    nullNeverExpires: false);

/// <summary>A table described by hand on PostgreSQL: timestamps without time zone, an interval for the window.</summary>
public sealed class HandMadePostgresTable() : PeerTable(
    """CREATE TABLE {0} ("the key" varchar PRIMARY KEY, bytes bytea, ends_at timestamp, "window" interval, "ends for good" timestamp)""",
    """INSERT INTO {0} VALUES (@key, @value, {1}, {2}, {3})""",
    static table => new()
    {
        TableName = table,
        KeyColumn = "the key",
        ValueColumn = "bytes",
        ExpiresAtColumn = "ends_at",
        SlidingColumn = "window",
        SlidingStoredAs = LegacySpan.Interval,
        AbsoluteColumn = "ends for good",
    },
    Text,
    static span => $"interval '{Seconds(span)} seconds'",
    nullNeverExpires: false);

/// <summary>A table described by hand on SQLite: dates as texts, keys under a collation that ignores case, names with blanks.</summary>
public sealed class HandMadeSqliteTable() : PeerTable(
    """CREATE TABLE {0} ("the key" TEXT COLLATE NOCASE PRIMARY KEY, "bytes" BLOB, "ends at" TEXT, "window" INTEGER, "ends for good" TEXT)""",
    """INSERT INTO {0} VALUES (@key, @value, {1}, {2}, {3})""",
    static table => new()
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
    },
    static moment => Text(moment.AddHours(2), "+02:00"),
    static span => span.TotalMilliseconds.ToString("R", CultureInfo.InvariantCulture),
    nullNeverExpires: false);

/// <summary>Microsoft.Extensions.Caching.Postgres 1.x, which lets the server fold its names to small letters.</summary>
public sealed class MicrosoftPostgresTable() : PeerTable(
    """
    CREATE TABLE {0} (id varchar(449) COLLATE "C" PRIMARY KEY, value bytea NOT NULL, expiresattime timestamptz NOT NULL,
      slidingexpirationinseconds bigint NULL, absoluteexpiration timestamptz NULL)
    """,
    "INSERT INTO {0} (id, value, expiresattime, slidingexpirationinseconds, absoluteexpiration) VALUES (@key, @value, {1}, {2}, {3})",
    static _ => LegacyTable.MicrosoftPostgres("Public", "Microsoft_Cache"),
    static moment => Text(moment, "+00"),
    WholeSeconds,
    fixedName: "microsoft_cache");

/// <summary>NeoSmart.Caching.Sqlite, schema version 1: expiry and window in ticks, an absolute expiry only as an expiry without a window.</summary>
public sealed class NeoSmartTable() : PeerTable(
    """CREATE TABLE {0} ("key" varchar NOT NULL, "value" BLOB, "expiry" INTEGER, "renewal" INTEGER, PRIMARY KEY ("key")) WITHOUT ROWID""",
    """INSERT INTO {0} ("key", "value", "expiry", "renewal") VALUES (@key, @value, {1}, {2})""",
    static _ => LegacyTable.NeoSmartSqlite(),
    static moment => moment.UtcTicks.ToString(CultureInfo.InvariantCulture),
    static span => span.Ticks.ToString(CultureInfo.InvariantCulture),
    "cache",
    hasAbsolute: false,
    nullNeverExpires: true);

/// <summary>Pomelo.Extensions.Caching.MySql, and others that are shaped like the SQL Server cache's table.</summary>
public sealed class PomeloTable() : PeerTable(
    """
    CREATE TABLE {0} (`Id` varchar(449) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `AbsoluteExpiration` datetime(6) DEFAULT NULL,
      `ExpiresAtTime` datetime(6) NOT NULL, `SlidingExpirationInSeconds` bigint(20) DEFAULT NULL, `Value` longblob NOT NULL,
      PRIMARY KEY (`Id`), KEY `Index_ExpiresAtTime` (`ExpiresAtTime`))
    """,
    "INSERT INTO {0} (Id, Value, ExpiresAtTime, SlidingExpirationInSeconds, AbsoluteExpiration) VALUES (@key, @value, {1}, {2}, {3})",
    static table => LegacyTable.PomeloMySql(table),
    Text,
    WholeSeconds);

/// <summary>ScaledDomains.Extensions.Caching.MySql: the window as a time of day.</summary>
public sealed class ScaledDomainsTable() : PeerTable(
    """
    CREATE TABLE {0} (`Id` varchar(767) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, `AbsoluteExpiration` datetime(6) DEFAULT NULL,
      `ExpiresAt` datetime(6) NOT NULL, `SlidingExpiration` time(6) DEFAULT NULL, `Value` longblob NOT NULL,
      PRIMARY KEY (`Id`), KEY `Index_ExpiresAt` (`ExpiresAt`))
    """,
    "INSERT INTO {0} (Id, Value, ExpiresAt, SlidingExpiration, AbsoluteExpiration) VALUES (@key, @value, {1}, {2}, {3})",
    static table => LegacyTable.ScaledDomainsMySql(table),
    Text,
    static span => $"'{span.ToString(@"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture)}'");
