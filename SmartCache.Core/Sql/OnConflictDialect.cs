namespace SmartCache.Sql;

/// <summary>The engines with <c>INSERT … ON CONFLICT</c>: PostgreSQL, SQLite and their kin.</summary>
public abstract class OnConflictDialect : SqlDialect
{
    /// <inheritdoc/>
    public override string Insert(CacheTable table) =>
        $"""
        {InsertInto(table)}
        VALUES
          (@crc, @key, {Values(table)})
        {OnConflictUpdate(table)},
          {table.CreatedAt} = excluded.{table.CreatedAt}
        WHERE t.{table.ExpiresAt} <= @now
        """;

    /// <inheritdoc/>
    public override string Upsert(CacheTable table) =>
        $"""
        {InsertInto(table)}
        VALUES
          (@crc, @key, {Values(table)})
        {OnConflictUpdate(table)},
          {KeepCreatedAt(table)}
        """;

    /// <summary>
    /// Inserts under the key of the row to overwrite, and so conflicts with it. If two do so at the same time, the second waits in the
    /// inner SELECT for the first, and then finds that the row has another key.
    /// </summary>
    public override string UpsertOverPlain(CacheTable table) =>
        $"""
        {InsertInto(table)}
        SELECT COALESCE(p.k, @crc), COALESCE(p.c, @key), {Values(table)}
        FROM (SELECT 1 AS one) AS n
        LEFT JOIN (
          SELECT {table.Crc} AS k, {table.Key} AS c FROM {table.Name}
          WHERE {table.Crc} = @plain_crc AND {table.Key} = @plain_key
            AND NOT EXISTS (SELECT 1 FROM {table.Name} AS h WHERE h.{table.Crc} = @crc AND h.{table.Key} = @key)
          {ForUpdate}) AS p ON TRUE
        WHERE TRUE
        {OnConflictUpdate(table)},
          {table.Crc} = @crc,
          {table.Key} = @key,
          {KeepCreatedAt(table)}
        """;

    /// <summary>Rows without an owner cost the index nothing.</summary>
    public override string CreateOwnerIndex(CacheTable table) =>
        $"CREATE INDEX IF NOT EXISTS {table.OwnerIndex} ON {table.Name} ({table.Owner}, {table.CreatedAt}) WHERE {table.Owner} IS NOT NULL";

    private static string Values(CacheTable table) =>
        $"@value, @format, @version, @expires_at, @sliding_ms, @absolute_at, @now, @now{(table.WritesOwner ? ", @owner" : "")}";

    private static string KeepCreatedAt(CacheTable table) =>
        $"{table.CreatedAt} = CASE WHEN t.{table.ExpiresAt} <= @now THEN excluded.{table.CreatedAt} ELSE t.{table.CreatedAt} END";

    private static string InsertInto(CacheTable table) =>
        $"""
        INSERT INTO {table.Name} AS t
          ({table.Crc}, {table.Key}, {table.Value}, {table.Format}, {table.Version},
           {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}, {table.CreatedAt}, {table.UpdatedAt}{(table.WritesOwner ? $", {table.Owner}" : "")})
        """;

    private static string OnConflictUpdate(CacheTable table) =>
        $"""
        ON CONFLICT ({table.Crc}, {table.Key}) DO UPDATE SET
          {table.Value} = excluded.{table.Value},
          {table.Format} = excluded.{table.Format},
          {table.Version} = excluded.{table.Version},
          {table.RecentVersions} = NULL,
          {table.ExpiresAt} = excluded.{table.ExpiresAt},
          {table.SlidingMs} = excluded.{table.SlidingMs},
          {table.AbsoluteAt} = excluded.{table.AbsoluteAt},
          {table.UpdatedAt} = excluded.{table.UpdatedAt}{(table.WritesOwner ? $",\n  {KeepOwner(table)}" : "")}
        """;

    private static string KeepOwner(CacheTable table) =>
        $"{table.Owner} = CASE WHEN t.{table.ExpiresAt} <= @now THEN excluded.{table.Owner} ELSE COALESCE(excluded.{table.Owner}, t.{table.Owner}) END";
}
