using System.Data;
using FirebirdSql.Data.FirebirdClient;
using SmartCache.Sql;

namespace SmartCache.Firebird;

/// <summary>Firebird's SQL, from version 3 on.</summary>
internal sealed class FirebirdDialect(SmartFirebirdCacheOptions options) : SqlDialect
{
    // deadlock, lock_conflict, no_dup, update_conflict, unique_key_violation, concurrent_transaction: the driver's transactions do not wait.
    private static readonly int[] Conflicts = [335544336, 335544345, 335544349, 335544451, 335544665, 335544878];

    // connect_reject, shutdown, conn_lost, network_error, net_connect_err, net_read_err, net_write_err, lost_db_connection, att_shutdown
    private static readonly int[] Outages = [335544421, 335544528, 335544648, 335544721, 335544722, 335544726, 335544727, 335544741, 335544856];

    // The driver ignores a keyword that it does not know.
    private static readonly string[] Keywords =
        """
        DataSource Server Host Port PortNumber Database InitialCatalog UserID UID User UserName Password UserPassword Role RoleName Charset CharacterSet
        Dialect Pooling MaxPoolSize MinPoolSize ConnectionLifetime ConnectionTimeout Timeout CommandTimeout PacketSize FetchSize ServerType IsolationLevel
        RecordsAffected Enlist ClientLibrary CachePages Compression WireCompression CryptKey WireCrypt ApplicationName App NoGarbageCollect ParallelWorkers
        """.Split([' ', '\n']);

    public override string EngineName => "Firebird";
    public override string SystemName => "firebirdsql";

    /// <summary>The limit of Firebird 3; later versions allow 63.</summary>
    public override int MaxNameLength => 31;

    // A text holds one statement, and the driver begins transactions itself. The core then merges by guarded statements alone.
    public override string? BeginMerge => null;
    public override string ForUpdate => "";
    public override string Limit => "ROWS @limit";
    public override string OwnerType => "VARCHAR(256) CHARACTER SET OCTETS";

    /// <summary>Names in upper case, as Firebird reads them without quotes.</summary>
    public override string Quote(string name) => $"\"{Upper(name)}\"";

    public override IEnumerable<string> Validate()
    {
        // Not the driver's message: it may show the password.
        if (!string.IsNullOrWhiteSpace(options.ConnectionString) && !CanRead(options.ConnectionString))
            yield return "SmartFirebirdCacheOptions.ConnectionString has an unknown keyword or an impossible value, or names no server or database.";

        if (options.DataSource is { } given && new FbConnectionStringBuilder(given.ConnectionString) is not { IsolationLevel: IsolationLevel.Snapshot, ReturnRecordsAffected: true })
            yield return "SmartFirebirdCacheOptions.DataSource needs IsolationLevel=Snapshot in its connection string, and Records Affected=true.";
    }

    public override string ParameterName(string name, int position) => $"@{name}";

    /// <summary>
    /// The server must know the type of a value before it gets the value, and cannot always infer it. It ignores zero bytes at the end
    /// when it compares, so a key gets a last byte of another value.
    /// </summary>
    public override string ParameterMarker(string name, int position) => name switch
    {
        "owner" => $"CAST(CAST(@{name} AS VARCHAR(255) CHARACTER SET UTF8) AS VARCHAR(256) CHARACTER SET OCTETS)",
        "plain_key" or ['k', 'e', 'y', ..] => $"(CAST(@{name} AS VARCHAR(1024) CHARACTER SET OCTETS) || x'01')",
        "recent_versions" => $"CAST(@{name} AS VARCHAR(1024) CHARACTER SET OCTETS)",
        "value" => $"CAST(@{name} AS BLOB SUB_TYPE BINARY)",
        _ => $"CAST(@{name} AS BIGINT)",
    };

    public override bool IsTransient(Exception exception) => IsConflict(exception) || Has(exception, Outages);

    public override bool IsConflict(Exception exception) => Has(exception, Conflicts);

    public override bool IsLostRace(Exception exception) => IsConflict(exception);

    // A byte less than the column holds: a key has a last byte.
    public override string DescribeTable(CacheTable table) =>
        $"""
        SELECT TRIM(c.RDB$FIELD_NAME), CASE WHEN f.RDB$FIELD_TYPE IN (14, 37) THEN f.RDB$FIELD_LENGTH - 1 END,
          CASE WHEN EXISTS (
            SELECT 1 FROM RDB$INDICES AS i
            WHERE i.RDB$RELATION_NAME = c.RDB$RELATION_NAME AND i.RDB$UNIQUE_FLAG = 1 AND i.RDB$SEGMENT_COUNT = 2 AND COALESCE(i.RDB$INDEX_INACTIVE, 0) = 0
              AND (SELECT COUNT(*) FROM RDB$INDEX_SEGMENTS AS s
                   WHERE s.RDB$INDEX_NAME = i.RDB$INDEX_NAME AND s.RDB$FIELD_NAME IN ('{Upper(table.BareCrc)}', '{Upper(table.BareKey)}')) = 2)
          THEN 1 ELSE 0 END, CAST(NULL AS BIGINT)
        FROM RDB$RELATION_FIELDS AS c
        JOIN RDB$FIELDS AS f ON f.RDB$FIELD_NAME = c.RDB$FIELD_SOURCE
        WHERE c.RDB$RELATION_NAME = '{Upper(table.BareName)}'
        """;

    public override string ReadKey(CacheTable table) => $"SUBSTRING({table.Key} FROM 1 FOR OCTET_LENGTH({table.Key}) - 1)";

    // Fails if another node has just created the table: the core then looks again. The indexes need pages of 8 KB, the default.
    public override string CreateTable(CacheTable table) =>
        $"""
        CREATE TABLE {table.Name} (
          {table.Crc} BIGINT NOT NULL, {table.Key} VARCHAR(1025) CHARACTER SET OCTETS NOT NULL,
          {table.Value} BLOB SUB_TYPE BINARY NOT NULL, {table.Format} INTEGER NOT NULL,
          {table.Version} BIGINT NOT NULL, {table.RecentVersions} VARCHAR(1024) CHARACTER SET OCTETS,
          {table.ExpiresAt} BIGINT NOT NULL, {table.SlidingMs} BIGINT, {table.AbsoluteAt} BIGINT,
          {table.CreatedAt} BIGINT NOT NULL, {table.UpdatedAt} BIGINT NOT NULL,
          {table.Owner} {OwnerType},
          CONSTRAINT {table.OwnerIndex} UNIQUE ({table.Owner}, {table.CreatedAt}, {table.Crc}, {table.Key}),
          PRIMARY KEY ({table.Crc}, {table.Key}))
        """;

    public override string Insert(CacheTable table) => Merge(table, ThisKey(table), $"AND t.{table.ExpiresAt} <= @now");

    public override string Upsert(CacheTable table) => Merge(table, ThisKey(table));

    public override string UpsertOverPlain(CacheTable table) => Merge(
        table,
        $"""
        {ThisKey(table)} OR t.{table.Crc} = @plain_crc AND t.{table.Key} = @plain_key
          AND NOT EXISTS (SELECT 1 FROM {table.Name} AS h WHERE h.{table.Crc} = @crc AND h.{table.Key} = @key)
        """);

    public override string RemoveExpired(CacheTable table) =>
        $"DELETE FROM {table.Name} WHERE {table.Crc} BETWEEN @from_crc AND @to_crc AND {table.ExpiresAt} <= @now ROWS @limit";

    private static bool Has(Exception exception, int[] codes) =>
        exception is FbException fault && (codes.Contains(fault.ErrorCode) || fault.Errors.Any(error => codes.Contains(error.Number)));

    private static bool CanRead(string connectionString)
    {
        try
        {
            using var connection = new FbConnection(connectionString);
            return new FbConnectionStringBuilder(connectionString).Keys.Cast<string>()
                .All(static name => Keywords.Contains(name.Replace(" ", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Upper(string name) => name.ToUpperInvariant();

    private static string If(CacheTable table, string ownerPart) => table.WritesOwner ? ownerPart : "";

    private static string ThisKey(CacheTable table) => $"t.{table.Crc} = @crc AND t.{table.Key} = @key";

    /// <summary>Inserts the row, or overwrites the one that is there under a condition. The value is named once, because the driver sends it as often.</summary>
    private static string Merge(CacheTable table, string isThisKey, string andMayOverwrite = "") =>
        $"""
        MERGE INTO {table.Name} AS t
        USING (SELECT @value AS v FROM RDB$DATABASE) AS n
        ON {isThisKey}
        WHEN MATCHED {andMayOverwrite} THEN UPDATE SET
          {table.Crc} = @crc, {table.Key} = @key, {table.Value} = n.v, {table.Format} = @format,
          {table.Version} = @version, {table.RecentVersions} = NULL,
          {table.CreatedAt} = CASE WHEN t.{table.ExpiresAt} <= @now THEN @now ELSE t.{table.CreatedAt} END,
          {If(table, $"{table.Owner} = CASE WHEN t.{table.ExpiresAt} <= @now THEN @owner ELSE COALESCE(@owner, t.{table.Owner}) END,")}
          {table.ExpiresAt} = @expires_at, {table.SlidingMs} = @sliding_ms, {table.AbsoluteAt} = @absolute_at, {table.UpdatedAt} = @now
        WHEN NOT MATCHED THEN INSERT
          ({table.Crc}, {table.Key}, {table.Value}, {table.Format}, {table.Version},
           {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}, {table.CreatedAt}, {table.UpdatedAt}{If(table, $", {table.Owner}")})
        VALUES
          (@crc, @key, n.v, @format, @version, @expires_at, @sliding_ms, @absolute_at, @now, @now{If(table, ", @owner")})
        """;
}
