using System.Text.RegularExpressions;
using SmartCache.Sql;

namespace SmartCache.MySql;

/// <summary>The SQL of MySQL from 8.0.20 and MariaDB from 10.6 on; they differ in a few words.</summary>
internal sealed partial class MySqlDialect(SmartMySqlCacheOptions options, bool isMariaDb = false) : SqlDialect
{
    private static readonly Version OldestMySql = new(8, 0, 20);
    private static readonly Version OldestMariaDb = new(10, 6);

    public override string EngineName => isMariaDb ? "MariaDB" : "MySQL";
    public override string SystemName => isMariaDb ? "mariadb" : "mysql";
    public override int MaxNameLength => 64;

    // READ COMMITTED: the default, REPEATABLE READ, also locks gaps between rows and deadlocks saves of other keys.
    public override string BeginMerge => $"{ReadCommitted};\nSTART TRANSACTION";

    // On a Galera cluster (MariaDB 10.11.19), if another node's write undoes a transaction between an UPDATE and a COMMIT of the same text,
    // the server reports success: 10 of 27,272 contended saves were lost.
    public override bool CommitsInOneText => false;

    public override string Quote(string name) => $"`{name}`";

    public override bool IsTransient(Exception exception) => MySqlFaults.IsTransient(exception);

    public override bool IsConflict(Exception exception) => MySqlFaults.IsConflict(exception);

    public override string? Schema => options.SchemaName;

    // Every text collation of one of the two servers ignores blanks at the end.
    public override string OwnerType => "VARBINARY(255)";

    public override string ParameterMarker(string name, int position) =>
        name.StartsWith("owner", StringComparison.Ordinal) ? $"CAST(@{name} AS BINARY)" : $"@{name}";

    public override string ParameterName(string name, int position) => $"@{name}";

    public override SqlDialect AdaptTo(string serverVersion)
    {
        // MariaDB may report "5.5.5-10.11.6-MariaDB", for old replicas.
        var isMariaDb = serverVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var digits = VersionDigits().Match(serverVersion.Replace("5.5.5-", "", StringComparison.Ordinal));
        var oldest = isMariaDb ? OldestMariaDb : OldestMySql;
        return Version.TryParse(digits.Value, out var version) && version < oldest
            ? throw new NotSupportedException($"The server is {(isMariaDb ? "MariaDB" : "MySQL")} {version}; SmartCache.MySql needs MySQL {OldestMySql} or MariaDB {OldestMariaDb}.")
            : new MySqlDialect(options, isMariaDb);
    }

    public override bool IsLostRace(Exception exception) => MySqlFaults.IsDuplicateKey(exception);

    public override bool IsTooLarge(Exception exception) => MySqlFaults.IsTooLarge(exception);

    public override string DescribeTable(CacheTable table)
    {
        var isTable = $"table_schema = {(table.BareSchema is null ? "DATABASE()" : $"'{table.BareSchema}'")} AND table_name = '{table.BareName}'";
        return $"""
            SELECT column_name, character_octet_length, k.name IS NOT NULL, @@max_allowed_packet, k.name
            FROM information_schema.columns
            CROSS JOIN (
              SELECT MIN(name) AS name FROM (
                SELECT index_name AS name FROM information_schema.statistics
                WHERE {isTable} AND non_unique = 0
                GROUP BY index_name
                HAVING COUNT(*) = 2 AND SUM(sub_part IS NULL AND column_name IN ('{table.BareCrc}', '{table.BareKey}')) = 2) AS fit) AS k
            WHERE {isTable}
            """;
    }

    public override string CreateTable(CacheTable table)
    {
        var key = options.PrimaryKey == MySqlPrimaryKey.Crc32Clustered
            ? $"PRIMARY KEY ({table.Crc}, {table.Key})"
            : $"id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  UNIQUE KEY ({table.Crc}, {table.Key})";
        return $"""
            CREATE TABLE IF NOT EXISTS {table.Name} (
              {table.Crc} BIGINT NOT NULL,
              {table.Key} VARBINARY(1024) NOT NULL,
              {table.Format} INT NOT NULL,
              {table.Version} BIGINT NOT NULL,
              {table.ExpiresAt} BIGINT NOT NULL,
              {table.SlidingMs} BIGINT NULL,
              {table.AbsoluteAt} BIGINT NULL,
              {table.CreatedAt} BIGINT NOT NULL,
              {table.UpdatedAt} BIGINT NOT NULL,
              {table.RecentVersions} VARBINARY(1024) NULL,
              {table.Owner} {OwnerType} NULL,
              {table.Value} {options.ValueColumnType} NOT NULL,
              KEY {table.OwnerIndex} ({table.Owner}, {table.CreatedAt}),
              {key}
            ) ENGINE = {options.StorageEngine}
            """;
    }

    /// <summary>
    /// Assignments run from left to right, so the expiry comes last. A live row keeps everything except that its <c>updated_at</c> moves by
    /// a millisecond: an existing row then counts as 2, whichever way the driver counts.
    /// </summary>
    public override string Insert(CacheTable table)
    {
        string IfExpired(string column, string value) => $"{column} = IF({table.Name}.{table.ExpiresAt} <= @now, {value}, {table.Name}.{column})";
        return $"""
            {InsertInto(table)}
              {IfExpired(table.Value, New(table.Value))},
              {IfExpired(table.Format, New(table.Format))},
              {IfExpired(table.Version, New(table.Version))},
              {IfExpired(table.RecentVersions, "NULL")},
              {IfExpired(table.SlidingMs, New(table.SlidingMs))},
              {IfExpired(table.AbsoluteAt, New(table.AbsoluteAt))},
              {IfExpired(table.CreatedAt, New(table.CreatedAt))},{(table.WritesOwner ? $"\n  {IfExpired(table.Owner, New(table.Owner))}," : "")}
              {table.UpdatedAt} = IF({table.Name}.{table.ExpiresAt} <= @now, @now, {table.Name}.{table.UpdatedAt} + 1),
              {IfExpired(table.ExpiresAt, New(table.ExpiresAt))}
            """;
    }

    public override string Upsert(CacheTable table) => $"{InsertInto(table)}\n{Overwrite(table, New)}";

    /// <summary>
    /// Inserts under the key of the row to overwrite, and so conflicts with it. If two do so at the same time, the second waits in the inner
    /// SELECT for the first, and then finds that the row has another key.
    /// </summary>
    public override string UpsertOverPlain(CacheTable table) =>
        $"""
        INSERT INTO {table.Name}
          {Columns(table)}
        SELECT COALESCE(p.k, @crc), COALESCE(p.c, @key), n.*
        FROM (
          SELECT @value AS {table.Value}, @format AS {table.Format}, @version AS {table.Version}, @expires_at AS {table.ExpiresAt},
            @sliding_ms AS {table.SlidingMs}, @absolute_at AS {table.AbsoluteAt}, @now AS {table.CreatedAt}, @now AS {table.UpdatedAt}{(table.WritesOwner ? $", @owner AS {table.Owner}" : "")}) AS n
        LEFT JOIN (
          SELECT {table.Crc} AS k, {table.Key} AS c FROM {table.Name}
          WHERE {table.Crc} = @plain_crc AND {table.Key} = @plain_key
            AND NOT EXISTS (SELECT 1 FROM {table.Name} AS h WHERE h.{table.Crc} = @crc AND h.{table.Key} = @key)
          FOR UPDATE) AS p ON TRUE
        ON DUPLICATE KEY UPDATE
          {table.Crc} = @crc,
          {table.Key} = @key,
        {Overwrite(table, static column => $"n.{column}")}
        """;

    public override string RemoveBoth(CacheTable table) => $"DELETE t FROM {PlainThenHashed(table)}";

    // With IN, the server would look up two keys in the order of the index. The dots keep the names different from those of any column.
    public override string PlainThenHashed(CacheTable table) =>
        $"""
        (
          SELECT CAST(@plain_crc AS SIGNED) AS `e.crc`, CAST(@plain_key AS BINARY) AS `e.key`
          UNION ALL
          SELECT CAST(@crc AS SIGNED), CAST(@key AS BINARY)) AS e
        STRAIGHT_JOIN {table.Name} AS t {ByKey(table)} ON t.{table.Crc} = e.`e.crc` AND t.{table.Key} = e.`e.key`
        """;

    public override string RemoveExpired(CacheTable table) =>
        $"""
        {BeginMerge};
        DELETE t FROM (
          SELECT {table.Crc} AS k, {table.Key} AS c FROM {table.Name} {ByKey(table)}
          WHERE {table.Crc} BETWEEN @from_crc AND @to_crc AND {table.ExpiresAt} <= @now
          LIMIT @limit
          FOR UPDATE SKIP LOCKED) AS e
        STRAIGHT_JOIN {table.Name} AS t {ByKey(table)} ON t.{table.Crc} = e.k AND t.{table.Key} = e.c
        WHERE t.{table.ExpiresAt} <= @now;
        COMMIT
        """;

    // A column may have any character set, and its collation may ignore case, accents and trailing blanks.
    public override string LegacyKeyBytes(string column) => $"CAST(CONVERT({column} USING utf8mb4) AS BINARY)";

    public override string LegacyUnixMilliseconds(string column, bool hasTimeZone) =>
        hasTimeZone ? $"FLOOR(UNIX_TIMESTAMP({column}) * 1000)" : $"TIMESTAMPDIFF(MICROSECOND, '1970-01-01', {column}) DIV 1000";

    public override string LegacyIntervalMilliseconds(string column) => $"FLOOR(TIME_TO_SEC({column})) * 1000 + MICROSECOND({column}) DIV 1000";

    public override IEnumerable<string> Validate() => MySqlOptionFaults.Find(options, this);

    /// <summary>The value in the INSERT: MySQL deprecates VALUES(), MariaDB knows nothing else.</summary>
    private string New(string column) => isMariaDb ? $"VALUES({column})" : $"n.{column}";

    private string InsertInto(CacheTable table) =>
        $"""
        INSERT INTO {table.Name}
          {Columns(table)}
        VALUES
          (@crc, @key, @value, @format, @version, @expires_at, @sliding_ms, @absolute_at, @now, @now{(table.WritesOwner ? ", @owner" : "")}){(isMariaDb ? "" : " AS n")}
        ON DUPLICATE KEY UPDATE
        """;

    private static string Columns(CacheTable table) =>
        $"""
        ({table.Crc}, {table.Key}, {table.Value}, {table.Format}, {table.Version},
           {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}, {table.CreatedAt}, {table.UpdatedAt}{(table.WritesOwner ? $", {table.Owner}" : "")})
        """;

    private static string Overwrite(CacheTable table, Func<string, string> fresh) =>
        $"""
          {table.Value} = {fresh(table.Value)},
          {table.Format} = {fresh(table.Format)},
          {table.Version} = {fresh(table.Version)},
          {table.RecentVersions} = NULL,
          {table.SlidingMs} = {fresh(table.SlidingMs)},
          {table.AbsoluteAt} = {fresh(table.AbsoluteAt)},
          {table.CreatedAt} = IF({table.Name}.{table.ExpiresAt} <= @now, {fresh(table.CreatedAt)}, {table.Name}.{table.CreatedAt}),
          {table.UpdatedAt} = {fresh(table.UpdatedAt)},{(table.WritesOwner ? $"\n  {KeepOwner(table, fresh(table.Owner))}," : "")}
          {table.ExpiresAt} = {fresh(table.ExpiresAt)}
        """;

    private static string KeepOwner(CacheTable table, string fresh) =>
        $"{table.Owner} = IF({table.Name}.{table.ExpiresAt} <= @now, {fresh}, COALESCE({fresh}, {table.Name}.{table.Owner}))";

    private const string ReadCommitted = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

    /// <summary>
    /// The server takes a new table for empty until it counts again, and would scan it: lock every row on its way, wait for rows that others
    /// have locked, and deadlock. If the key is a secondary index, every statement has to lock there before it locks the row; a scan does
    /// the opposite.
    /// </summary>
    public override string ByKey(CacheTable table) => table.KeyIndex is null ? "" : $"FORCE INDEX ({table.KeyIndex})";

    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionDigits();
}
