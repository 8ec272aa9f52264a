using SmartCache.Sql;

namespace SmartCache.MySql;

/// <summary>The statements about several rows.</summary>
internal sealed partial class MySqlDialect
{
    private const string Touches =
        """
        JSON_TABLE(@touches, '$[*]' COLUMNS (
            n FOR ORDINALITY,
            crc BIGINT PATH '$[0]',
            hex VARCHAR(2048) PATH '$[1]',
            first_touch BIGINT PATH '$[2]',
            last_touch BIGINT PATH '$[3]')) AS u
        """;

    public override string FromMany(CacheTable table, int rows, bool hashesKeys)
    {
        var keys = Enumerable.Range(0, rows).Select(row => hashesKeys ? $"(@crc_{row}, @key_{row}), (@plain_crc_{row}, @plain_key_{row})" : $"(@crc_{row}, @key_{row})");
        return $"""
            FROM {table.Name} {ByKey(table)}
            WHERE ({table.Crc}, {table.Key}) IN ({string.Join(", ", keys)})
            """;
    }

    // As in TouchMany. The values do not pass through a temporary table.
    public override string UpdateMany(CacheTable table, int rows, bool keepsVersions)
    {
        var inRows = Enumerable.Range(0, rows);
        var writes = string.Join("\n  UNION ALL ", inRows.Select(row =>
            $"""
            SELECT {row + 1} AS n, CAST(@crc_{row} AS SIGNED) AS crc, CAST(@key_{row} AS BINARY) AS c, CAST(@old_version_{row} AS SIGNED) AS old_version,
                CAST(@version_{row} AS SIGNED) AS version, CAST(@format_{row} AS SIGNED) AS format, CAST(@expires_at_{row} AS SIGNED) AS expires_at,
                CAST(@sliding_ms_{row} AS SIGNED) AS sliding_ms, CAST(@absolute_at_{row} AS SIGNED) AS absolute_at
            """));
        string Binary(string name) => $"ELT(l.n, {string.Join(", ", inRows.Select(row => $"@{name}_{row}"))})";
        return $"""
            {ReadCommitted};
            UPDATE (
              SELECT u.*
              FROM ({writes}) AS u
              STRAIGHT_JOIN {table.Name} AS c {ByKey(table)} ON c.{table.Crc} = u.crc AND c.{table.Key} = u.c
              WHERE c.{table.Version} = u.old_version
              LIMIT 1000000
              FOR UPDATE {(isMariaDb ? "" : "OF c ")}SKIP LOCKED) AS l
            STRAIGHT_JOIN {table.Name} AS t {ByKey(table)} ON t.{table.Crc} = l.crc AND t.{table.Key} = l.c
            SET
              t.{table.ExpiresAt} = {table.LaterExpiry("t.", static name => $"l.{name}")},
              t.{table.SlidingMs} = l.sliding_ms,
              t.{table.AbsoluteAt} = l.absolute_at,
              t.{table.Value} = {Binary("value")},
              t.{table.Format} = l.format,
              t.{table.Version} = l.version,
              t.{table.UpdatedAt} = @now{(keepsVersions ? $",\n  t.{table.RecentVersions} = {Binary("recent_versions")}" : "")}{(table.WritesOwner ? $",\n  t.{table.Owner} = COALESCE({Binary("owner")}, t.{table.Owner})" : "")}
            """;
    }

    /// <summary>
    /// One UPDATE of a single table, without a temporary table for the values, can be prepared, and takes half the time. It cannot pass over
    /// a locked row. If there are fewer rows than it names, the last one stands there several times.
    /// </summary>
    public override string? UpdateManyNoWait(CacheTable table, int rows, bool keepsVersions)
    {
        if (!isMariaDb)
            return null;

        string Each(string each, string separator = ", ") =>
            string.Join(separator, Enumerable.Range(0, rows).Select(row => each.Replace("#", $"{row}", StringComparison.Ordinal)));
        string Saved(string name) => $"CASE {table.Version} {Each($"WHEN @old_version_# THEN @{name}_#", " ")} END";
        return $"""
            SET STATEMENT innodb_lock_wait_timeout = 0 FOR
            UPDATE {table.Name} {ByKey(table)} SET
              {table.ExpiresAt} = {table.LaterExpiry("", Saved)},
              {table.SlidingMs} = {Saved("sliding_ms")},
              {table.AbsoluteAt} = {Saved("absolute_at")},
              {table.Value} = {Saved("value")},
              {table.Format} = {Saved("format")},
              {table.UpdatedAt} = @now,{(keepsVersions ? $"\n  {table.RecentVersions} = {Saved("recent_versions")}," : "")}{(table.WritesOwner ? $"\n  {table.Owner} = COALESCE({Saved("owner")}, {table.Owner})," : "")}
              {table.Version} = {Saved("version")}
            WHERE ({table.Crc}, {table.Key}) IN ({Each("(@crc_#, @key_#)")})
              AND ({table.Crc}, {table.Key}, {table.Version}) IN ({Each("(@crc_#, @key_#, @old_version_#)")})
            """;
    }

    public override string InsertMany(CacheTable table, int rows)
    {
        var values = Enumerable.Range(0, rows).Select(row =>
            $"(@crc_{row}, @key_{row}, @value_{row}, @format_{row}, @version_{row}, @expires_at_{row}, @sliding_ms_{row}, @absolute_at_{row}, @now, @now"
            + (table.WritesOwner ? $", @owner_{row})" : ")"));
        return $"""
            INSERT INTO {table.Name}
              {Columns(table)}
            VALUES
              {string.Join(",\n  ", values)}
            """;
    }

    // The LIMIT makes the server run the inner SELECT first, so that it really passes over locked rows; the table is then joined to its rows
    // by the index. No gap is locked for a row that is gone, in which others could not insert.
    public override string TouchMany(CacheTable table) =>
        $"""
        {ReadCommitted};
        UPDATE (
          SELECT c.{table.Crc} AS k, c.{table.Key} AS c, u.last_touch
          FROM {Touches}
          STRAIGHT_JOIN {table.Name} AS c {ByKey(table)} ON c.{table.Crc} = u.crc AND c.{table.Key} = UNHEX(u.hex)
          WHERE {CanMove(table)}
          LIMIT 1000000
          FOR UPDATE {(isMariaDb ? "" : "OF c ")}SKIP LOCKED) AS l
        STRAIGHT_JOIN {table.Name} AS t {ByKey(table)} ON t.{table.Crc} = l.k AND t.{table.Key} = l.c
        SET t.{table.ExpiresAt} = LEAST(l.last_touch + t.{table.SlidingMs}, COALESCE(t.{table.AbsoluteAt}, {long.MaxValue}))
        """;

    public override string FindTouched(CacheTable table) =>
        $"""
        SELECT u.n - 1, c.{table.ExpiresAt}, c.{table.SlidingMs}, c.{table.AbsoluteAt}
        FROM {Touches}
        STRAIGHT_JOIN {table.Name} AS c {ByKey(table)} ON c.{table.Crc} = u.crc AND c.{table.Key} = UNHEX(u.hex)
        """;

    private static string CanMove(CacheTable table) =>
        $"c.{table.SlidingMs} IS NOT NULL AND c.{table.ExpiresAt} > u.first_touch"
        + $" AND c.{table.ExpiresAt} < LEAST(u.last_touch + c.{table.SlidingMs}, COALESCE(c.{table.AbsoluteAt}, {long.MaxValue}))";
}
