using FirebirdSql.Data.FirebirdClient;
using SmartCache.Sql;

namespace SmartCache.Firebird;

/// <summary>Firebird's SQL, from version 3 on.</summary>
internal sealed class FirebirdDialect : SqlDialect
{
    // deadlock, lock_conflict, no_dup, update_conflict, unique_key_violation, concurrent_transaction: the driver's transactions do not wait.
    private static readonly HashSet<int> Conflicts = [335544336, 335544345, 335544349, 335544451, 335544665, 335544878];

    // connect_reject, shutdown, conn_lost, network_error, net_connect_err, net_read_err, net_write_err, lost_db_connection, att_shutdown
    private static readonly HashSet<int> Outages =
        [335544421, 335544528, 335544648, 335544721, 335544722, 335544726, 335544727, 335544741, 335544856];

    public override string EngineName => "Firebird";

    /// <summary>The limit of Firebird 3; later versions allow 63.</summary>
    public override int MaxNameLength => 31;

    // A text holds one statement, and the driver begins transactions itself. The core then merges by guarded statements alone.
    public override string? BeginMerge => null;

    public override string ForUpdate => "";

    /// <summary>Names in upper case, as Firebird reads them without quotes.</summary>
    public override string Quote(string name) => $"\"{name.ToUpperInvariant()}\"";

    /// <summary>The server must know the type of a value before it gets the value, and cannot always infer it.</summary>
    public override string ParameterMarker(string name, int position) => $"CAST({ParameterName(name, position)} AS {TypeOf(name)})";

    public override string ParameterName(string name, int position) => $"@{name}";

    public override bool IsTransient(Exception exception) => IsConflict(exception) || Has(exception, Outages);

    public override bool IsConflict(Exception exception) => Has(exception, Conflicts);

    public override bool IsLostRace(Exception exception) => IsConflict(exception);

    public override string DescribeTable(CacheTable table) =>
        $"""
        SELECT TRIM(c.RDB$FIELD_NAME), CASE WHEN f.RDB$FIELD_TYPE IN (14, 37) THEN f.RDB$FIELD_LENGTH END,
          CASE WHEN EXISTS (
            SELECT 1 FROM RDB$INDICES AS i
            WHERE i.RDB$RELATION_NAME = c.RDB$RELATION_NAME AND i.RDB$UNIQUE_FLAG = 1 AND i.RDB$SEGMENT_COUNT = 2
              AND COALESCE(i.RDB$INDEX_INACTIVE, 0) = 0
              AND (SELECT COUNT(*) FROM RDB$INDEX_SEGMENTS AS s
                   WHERE s.RDB$INDEX_NAME = i.RDB$INDEX_NAME AND s.RDB$FIELD_NAME IN ('{Upper(table.BareCrc)}', '{Upper(table.BareKey)}')) = 2)
          THEN 1 ELSE 0 END, CAST(NULL AS BIGINT)
        FROM RDB$RELATION_FIELDS AS c
        JOIN RDB$FIELDS AS f ON f.RDB$FIELD_NAME = c.RDB$FIELD_SOURCE
        WHERE c.RDB$RELATION_NAME = '{Upper(table.BareName)}'
        """;

    // The index on the key needs pages of 8 KB, the default of Firebird 3.
    public override string CreateTable(CacheTable table) =>
        $"""
        EXECUTE BLOCK AS BEGIN
          IF (NOT EXISTS (SELECT 1 FROM RDB$RELATIONS WHERE RDB$RELATION_NAME = '{Upper(table.BareName)}')) THEN
            EXECUTE STATEMENT 'CREATE TABLE {table.Name} (
              {table.Crc} BIGINT NOT NULL,
              {table.Key} VARCHAR(1024) CHARACTER SET OCTETS NOT NULL,
              {table.Format} INTEGER NOT NULL,
              {table.Version} BIGINT NOT NULL,
              {table.ExpiresAt} BIGINT NOT NULL,
              {table.SlidingMs} BIGINT,
              {table.AbsoluteAt} BIGINT,
              {table.CreatedAt} BIGINT NOT NULL,
              {table.UpdatedAt} BIGINT NOT NULL,
              {table.RecentVersions} VARCHAR(1024) CHARACTER SET OCTETS,
              {table.Value} BLOB SUB_TYPE BINARY NOT NULL,
              PRIMARY KEY ({table.Crc}, {table.Key}))';
        END
        """;

    public override string Insert(CacheTable table) => Merge(table, ThisKey(table), $"AND t.{table.ExpiresAt} <= n.now_ms");

    public override string Upsert(CacheTable table) => Merge(table, ThisKey(table));

    public override string UpsertOverPlain(CacheTable table) => Merge(
        table,
        $"""
        {ThisKey(table)} OR t.{table.Crc} = @plain_crc AND t.{table.Key} = @plain_key
          AND NOT EXISTS (SELECT 1 FROM {table.Name} AS h WHERE h.{table.Crc} = @crc AND h.{table.Key} = @key)
        """);

    public override string RemoveExpired(CacheTable table) =>
        $"""
        DELETE FROM {table.Name}
        WHERE {table.Crc} BETWEEN @from_crc AND @to_crc AND {table.ExpiresAt} <= @now
        ROWS @limit
        """;

    private static bool Has(Exception exception, HashSet<int> codes) =>
        exception is FbException fault && (codes.Contains(fault.ErrorCode) || fault.Errors.Any(error => codes.Contains(error.Number)));

    private static string Upper(string name) => name.ToUpperInvariant();

    private static string TypeOf(string name) => name switch
    {
        "key" or "plain_key" or "recent_versions" => "VARCHAR(1024) CHARACTER SET OCTETS",
        "value" => "BLOB SUB_TYPE BINARY",
        "format" => "INTEGER",
        _ => "BIGINT",
    };

    private static string ThisKey(CacheTable table) => $"t.{table.Crc} = n.crc AND t.{table.Key} = n.k";

    /// <summary>Inserts the row, or overwrites the one that is there under a condition.</summary>
    private static string Merge(CacheTable table, string isThisKey, string andMayOverwrite = "") =>
        $"""
        MERGE INTO {table.Name} AS t
        USING (
          SELECT @crc AS crc, @key AS k, @value AS v, @format AS f, @version AS ver, @expires_at AS expires_at,
            @sliding_ms AS sliding_ms, @absolute_at AS absolute_at, @now AS now_ms
          FROM RDB$DATABASE) AS n
        ON {isThisKey}
        WHEN MATCHED {andMayOverwrite} THEN UPDATE SET
          {table.Crc} = n.crc,
          {table.Key} = n.k,
          {table.Value} = n.v,
          {table.Format} = n.f,
          {table.Version} = n.ver,
          {table.RecentVersions} = NULL,
          {table.CreatedAt} = CASE WHEN t.{table.ExpiresAt} <= n.now_ms THEN n.now_ms ELSE t.{table.CreatedAt} END,
          {table.ExpiresAt} = n.expires_at,
          {table.SlidingMs} = n.sliding_ms,
          {table.AbsoluteAt} = n.absolute_at,
          {table.UpdatedAt} = n.now_ms
        WHEN NOT MATCHED THEN INSERT
          ({table.Crc}, {table.Key}, {table.Value}, {table.Format}, {table.Version},
           {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}, {table.CreatedAt}, {table.UpdatedAt})
        VALUES
          (n.crc, n.k, n.v, n.f, n.ver, n.expires_at, n.sliding_ms, n.absolute_at, n.now_ms, n.now_ms)
        """;
}
