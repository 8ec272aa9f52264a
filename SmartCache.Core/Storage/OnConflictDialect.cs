namespace SmartCache.Storage;

/// <summary>The engines with <c>INSERT … ON CONFLICT</c>: PostgreSQL, SQLite and their kin.</summary>
public abstract class OnConflictDialect : SqlDialect
{
    /// <inheritdoc/>
    public override string Insert(CacheTable table) =>
        $"""
        {InsertOrUpdate(table)},
          {table.CreatedAt} = excluded.{table.CreatedAt}
        WHERE t.{table.ExpiresAt} <= @now
        """;

    /// <inheritdoc/>
    public override string Upsert(CacheTable table) =>
        $"""
        {InsertOrUpdate(table)},
          {table.CreatedAt} = CASE WHEN t.{table.ExpiresAt} <= @now THEN excluded.{table.CreatedAt} ELSE t.{table.CreatedAt} END
        """;

    private static string InsertOrUpdate(CacheTable table) =>
        $"""
        INSERT INTO {table.Name} AS t
          ({table.Crc}, {table.Key}, {table.Value}, {table.Format}, {table.Version},
           {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}, {table.CreatedAt}, {table.UpdatedAt})
        VALUES
          (@crc, @key, @value, @format, @version, @expires_at, @sliding_ms, @absolute_at, @now, @now)
        ON CONFLICT ({table.Crc}, {table.Key}) DO UPDATE SET
          {table.Value} = excluded.{table.Value},
          {table.Format} = excluded.{table.Format},
          {table.Version} = excluded.{table.Version},
          {table.RecentStamps} = NULL,
          {table.ExpiresAt} = excluded.{table.ExpiresAt},
          {table.SlidingMs} = excluded.{table.SlidingMs},
          {table.AbsoluteAt} = excluded.{table.AbsoluteAt},
          {table.UpdatedAt} = excluded.{table.UpdatedAt}
        """;
}
