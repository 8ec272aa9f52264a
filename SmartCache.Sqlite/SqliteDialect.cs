using SmartCache.Sql;

namespace SmartCache.Sqlite;

/// <summary>SQLite's SQL.</summary>
internal sealed class SqliteDialect(SmartSqliteCacheOptions options) : OnConflictDialect
{
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    public override string EngineName => "SQLite";
    public override string SystemName => "sqlite";

    /// <summary>SQLite has no limit. This one is PostgreSQL's, so that a table can be moved there.</summary>
    public override int MaxNameLength => 63;

    /// <summary>The writer gives every work a transaction that holds the write lock from its start.</summary>
    public override string? BeginMerge => null;
    public override string ForUpdate => "";
    public override string OwnerType => "TEXT";

    /// <summary>Another row has the new key already.</summary>
    public override bool IsLostRace(Exception exception) => exception is SqliteException { SqliteExtendedErrorCode: ConstraintPrimaryKey or ConstraintUnique };

    public override string DescribeTable(CacheTable table) =>
        $"""
        SELECT name, NULL, EXISTS (
          SELECT 1 FROM pragma_index_list('{table.BareName}') AS i
          WHERE i."unique" AND NOT i.partial
            AND (SELECT group_concat(name) FROM pragma_index_info(i.name)) IN ('{table.BareCrc},{table.BareKey}', '{table.BareKey},{table.BareCrc}')), NULL
        FROM pragma_table_info('{table.BareName}')
        """;

    // The value comes last: to find a column, SQLite walks over those before it.
    public override string CreateTable(CacheTable table) =>
        $"""
        CREATE TABLE IF NOT EXISTS {table.Name} (
          {table.Crc} INTEGER NOT NULL,
          {table.Key} BLOB NOT NULL,
          {table.Format} INTEGER NOT NULL,
          {table.Version} INTEGER NOT NULL,
          {table.RecentVersions} BLOB NULL,
          {table.ExpiresAt} INTEGER NOT NULL,
          {table.SlidingMs} INTEGER NULL,
          {table.AbsoluteAt} INTEGER NULL,
          {table.CreatedAt} INTEGER NOT NULL,
          {table.UpdatedAt} INTEGER NOT NULL,
          {table.Owner} {OwnerType} NULL,
          {table.Value} BLOB NOT NULL,
          PRIMARY KEY ({table.Crc}, {table.Key})
        );
        {CreateOwnerIndex(table)}
        """;

    public override string RemoveExpired(CacheTable table) =>
        $"""
        DELETE FROM {table.Name}
        WHERE ({table.Crc}, {table.Key}) IN (
          SELECT {table.Crc}, {table.Key} FROM {table.Name}
          WHERE {table.Crc} BETWEEN @from_crc AND @to_crc AND {table.ExpiresAt} <= @now
          LIMIT @limit)
        """;

    public override string LegacyKeyBytes(string column) => $"CAST({column} AS BLOB)";

    // Dates are texts, which may end with a time zone. SQLite computes in whole milliseconds.
    public override string LegacyUnixMilliseconds(string column, bool hasTimeZone) =>
        $"CAST(round((julianday({column}) - 2440587.5) * 86400000) AS INTEGER)";

    public override IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(options.Synchronous))
            yield return $"{nameof(SmartSqliteCacheOptions)}.{nameof(SmartSqliteCacheOptions.Synchronous)} is not one of its values.";

        if (!string.IsNullOrWhiteSpace(options.ConnectionString) && FindConnectionStringFault(options.ConnectionString) is { } fault)
            yield return $"{nameof(SmartSqliteCacheOptions)}.{nameof(options.ConnectionString)} {fault}.";
    }

    private static string? FindConnectionStringFault(string connectionString)
    {
        SqliteConnectionStringBuilder builder;
        SqliteLocation location;
        try
        {
            builder = new SqliteConnectionStringBuilder(connectionString);
            location = new SqliteLocation(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Not the driver's message: if a quote is missing, it takes part of the password for a keyword.
            return "is not a connection string of Microsoft.Data.Sqlite: it has an unknown keyword, or a value that needs quotes";
        }

        return builder.DataSource.Length == 0 ? "names no file: add Data Source=…"
            : builder.Mode == SqliteOpenMode.ReadOnly ? "says Mode=ReadOnly; a session store has to write"
            : location is { IsSharedCache: true, IsInMemory: false }
                ? "says Cache=Shared, or a URI that says so; SQLite's shared cache locks whole tables and defeats the write-ahead log"
            : null;
    }
}
