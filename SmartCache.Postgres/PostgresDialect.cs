using Npgsql;
using SmartCache.Sql;

namespace SmartCache.Postgres;

/// <summary>PostgreSQL's SQL, from version 12 on.</summary>
internal sealed class PostgresDialect(SmartPostgresCacheOptions options) : OnConflictDialect
{
    // A row of @touches: crc, key, first and last touch.
    private const string Touches =
        """
        SELECT ordinality - 1 AS n, (t->>0)::bigint AS crc, decode(t->>1, 'hex') AS key, (t->>2)::bigint AS first, (t->>3)::bigint AS last
          FROM jsonb_array_elements(@touches::jsonb) WITH ORDINALITY AS a(t)
        """;

    public override string EngineName => "PostgreSQL";
    public override string SystemName => "postgresql";

    // Stated because the database's default may be stricter, and would fail the merge instead of letting it wait.
    public override string BeginMerge => "BEGIN ISOLATION LEVEL READ COMMITTED";

    public override bool IsTransient(Exception exception) => PostgresFaults.IsTransient(exception);

    public override bool IsConflict(Exception exception) => PostgresFaults.IsConflict(exception);

    public override bool IsLostRace(Exception exception) => PostgresFaults.IsLostRace(exception);

    public override string? Schema => options.SchemaName;
    public override string OwnerType => "text COLLATE \"C\"";

    public override string DescribeTable(CacheTable table) =>
        $"""
        SELECT a.attname::text, NULL, CASE WHEN EXISTS (
          SELECT 1 FROM pg_index AS i
          WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 2
            AND (SELECT count(*) FROM pg_attribute AS k
                 WHERE k.attrelid = i.indrelid AND k.attnum IN (i.indkey[0], i.indkey[1]) AND k.attname IN ('{table.BareCrc}', '{table.BareKey}')) = 2)
          THEN 1 ELSE 0 END, NULL
        FROM pg_attribute AS a
        WHERE a.attrelid = to_regclass('{table.Name}') AND a.attnum > 0 AND NOT a.attisdropped
        """;

    // No index on the expiry: with one, no touch would be a heap-only (HOT) update.
    public override string CreateTable(CacheTable table) =>
        $"""
        {CreateSchema(table)}
        CREATE {(options.Unlogged ? "UNLOGGED " : "")}TABLE IF NOT EXISTS {table.Name} (
          {table.Crc} bigint NOT NULL,
          {table.Key} bytea NOT NULL,
          {table.Format} integer NOT NULL,
          {table.Version} bigint NOT NULL,
          {table.ExpiresAt} bigint NOT NULL,
          {table.SlidingMs} bigint NULL,
          {table.AbsoluteAt} bigint NULL,
          {table.CreatedAt} bigint NOT NULL,
          {table.UpdatedAt} bigint NOT NULL,
          {table.RecentVersions} bytea NULL,
          {table.Owner} {OwnerType} NULL,
          {table.Value} bytea NOT NULL,
          PRIMARY KEY ({table.Crc}, {table.Key})
        ) WITH (fillfactor = {options.FillFactor});
        {CreateOwnerIndex(table)}
        """;

    // Without the inner SELECTs, the planner would see the length of the arrays, and plan anew each time because a plan for a few rows looks
    // cheaper than the one for any number. The dots keep the names different from those of any column.
    public override string FromMany(CacheTable table, int rows, bool hashesKeys)
    {
        var keys = hashesKeys
            ? "(SELECT @crc_array || @plain_crc_array), (SELECT @key_array || @plain_key_array)"
            : "(SELECT @crc_array), (SELECT @key_array)";
        return $"""
            FROM unnest({keys}) AS u("u.crc", "u.key")
            JOIN {table.Name} ON {table.Crc} = "u.crc" AND {table.Key} = "u.key"
            """;
    }

    public override string UpdateMany(CacheTable table, int rows, bool keepsVersions) =>
        $"""
        UPDATE {table.Name} AS t SET
          {table.Value} = l.value,
          {table.Format} = l.format,
          {table.Version} = l.version,
          {table.UpdatedAt} = @now{(keepsVersions ? $",\n  {table.RecentVersions} = l.recent_versions" : "")}{(table.WritesOwner ? $",\n  {table.Owner} = COALESCE(l.owner, t.{table.Owner})" : "")},
          {table.ExpiresAt} = {table.LaterExpiry("t.", static name => $"l.{name}")},
          {table.SlidingMs} = l.sliding_ms,
          {table.AbsoluteAt} = l.absolute_at
        FROM (
          SELECT u.*
          FROM unnest(
            (SELECT @crc_array), @key_array, @old_version_array, @value_array, @format_array, @version_array, @expires_at_array, @sliding_ms_array,
            @absolute_at_array{(keepsVersions ? ", @recent_versions_array" : "")}{(table.WritesOwner ? ", @owner_array" : "")})
            AS u(crc, key, old_version, value, format, version, expires_at, sliding_ms, absolute_at{(keepsVersions ? ", recent_versions" : "")}{(table.WritesOwner ? ", owner" : "")})
          JOIN {table.Name} AS c ON c.{table.Crc} = u.crc AND c.{table.Key} = u.key AND c.{table.Version} = u.old_version
          ORDER BY c.{table.Crc}, c.{table.Key}
          FOR UPDATE OF c SKIP LOCKED) AS l
        WHERE t.{table.Crc} = l.crc AND t.{table.Key} = l.key
        """;

    public override string InsertMany(CacheTable table, int rows) =>
        $"""
        INSERT INTO {table.Name}
          ({table.Crc}, {table.Key}, {table.Value}, {table.Format}, {table.Version},
           {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}{(table.WritesOwner ? $", {table.Owner}" : "")}, {table.CreatedAt}, {table.UpdatedAt})
        SELECT u.*, @now, @now
        FROM unnest(
          @crc_array, @key_array, @value_array, @format_array, @version_array, @expires_at_array, @sliding_ms_array, @absolute_at_array{(table.WritesOwner ? ", @owner_array" : "")}) AS u
        ON CONFLICT DO NOTHING
        """;

    public override string TouchMany(CacheTable table) =>
        $"""
        BEGIN ISOLATION LEVEL READ COMMITTED;
        SET LOCAL synchronous_commit = off;
        UPDATE {table.Name} AS t SET
          {table.ExpiresAt} = LEAST(l.last + t.{table.SlidingMs}, t.{table.AbsoluteAt})
        FROM (
          SELECT c.{table.Crc} AS crc, c.{table.Key} AS key, u.last
          FROM ({Touches}) AS u
          JOIN {table.Name} AS c ON c.{table.Crc} = u.crc AND c.{table.Key} = u.key
          WHERE {CanMove("c", table)}
          ORDER BY c.{table.Crc}, c.{table.Key}
          FOR UPDATE OF c SKIP LOCKED) AS l
        WHERE t.{table.Crc} = l.crc AND t.{table.Key} = l.key;
        COMMIT
        """;

    public override string FindTouched(CacheTable table) =>
        $"""
        SELECT u.n::integer, c.{table.ExpiresAt}, c.{table.SlidingMs}, c.{table.AbsoluteAt}
        FROM ({Touches}) AS u
        JOIN {table.Name} AS c ON c.{table.Crc} = u.crc AND c.{table.Key} = u.key
        """;

    public override string RemoveExpired(CacheTable table) =>
        $"""
        DELETE FROM {table.Name} AS t
        USING (
          SELECT {table.Crc} AS crc, {table.Key} AS key FROM {table.Name}
          WHERE {table.Crc} BETWEEN @from_crc AND @to_crc AND {table.ExpiresAt} <= @now
          LIMIT @limit
          FOR UPDATE SKIP LOCKED) AS e
        WHERE t.{table.Crc} = e.crc AND t.{table.Key} = e.key AND t.{table.ExpiresAt} <= @now
        """;

    public override string LegacyKeyBytes(string column) => $"convert_to({column}, 'UTF8')";

    // The epoch of a timestamp without time zone is computed as if it were UTC. Npgsql writes DateTime.MaxValue as infinity.
    public override string LegacyUnixMilliseconds(string column, bool hasTimeZone) =>
        $"CASE WHEN isfinite({column}) THEN floor(round(extract(epoch FROM {column}) * 1000000) / 1000)::bigint WHEN {column} = 'infinity' THEN {long.MaxValue} END";

    public override string LegacyIntervalMilliseconds(string column) => $"ceil(extract(epoch FROM {column}) * 1000)::bigint";

    public override IEnumerable<string> Validate()
    {
        static string Sentence(string option, string fault) => $"{nameof(SmartPostgresCacheOptions)}.{option} {fault}.";
        if (options.SchemaName is not null && FindFault(options.SchemaName) is { } fault)
            yield return Sentence(nameof(options.SchemaName), fault);

        if (options.FillFactor is < 10 or > 100)
            yield return Sentence(nameof(options.FillFactor), $"is {options.FillFactor}; it must be 10 to 100");

        if (options.DataSource is not null and not NpgsqlDataSource)
            yield return Sentence(nameof(options.DataSource), "must be an NpgsqlDataSource");

        if (!string.IsNullOrWhiteSpace(options.ConnectionString) && PostgresConnections.FindFault(options.ConnectionString) is { } connectionFault)
            yield return Sentence(nameof(options.ConnectionString), connectionFault);
    }

    // CREATE SCHEMA IF NOT EXISTS requires the right to create even if the schema exists, and fails if another cache is creating it.
    private string CreateSchema(CacheTable table) => table.BareSchema is null ? "" :
        $"""
        DO $$ BEGIN
          IF to_regnamespace('{Quote(table.BareSchema)}') IS NULL THEN
            CREATE SCHEMA IF NOT EXISTS {Quote(table.BareSchema)};
          END IF;
        EXCEPTION WHEN unique_violation THEN NULL;
        END $$;
        """;

    /// <summary>The touch found the row alive and moves its expiry forward. LEAST ignores a null.</summary>
    private static string CanMove(string row, CacheTable table) =>
        $"{row}.{table.SlidingMs} IS NOT NULL AND {row}.{table.ExpiresAt} > u.first"
        + $" AND {row}.{table.ExpiresAt} < LEAST(u.last + {row}.{table.SlidingMs}, {row}.{table.AbsoluteAt})";
}
