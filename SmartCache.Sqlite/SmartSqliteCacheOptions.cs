using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>Options of the cache on SQLite.</summary>
/// <remarks>
/// <see cref="SmartCacheOptions.ConnectionString"/> is that of Microsoft.Data.Sqlite, for example
/// <c>Data Source=sessions.db</c>; its <c>Default Timeout</c> (30 seconds; 0 has no end) is how long a save
/// waits for another process. A new file is readable by its owner alone. <c>Data Source=:memory:</c> keeps everything in
/// memory, for tests. A <see cref="SmartCacheOptions.DataSource"/> must create Microsoft.Data.Sqlite connections; the cache
/// opens them outside of the driver's pool.
/// </remarks>
public sealed class SmartSqliteCacheOptions : SmartCacheOptions
{
    /// <summary>When a commit waits for the disk.</summary>
    /// <value>Default <see cref="SqliteSynchronous.Full"/>. Stores that come at the same time share one wait.</value>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <inheritdoc/>
    protected override SqlDialect CreateDialect() => new SqliteDialect();
}
