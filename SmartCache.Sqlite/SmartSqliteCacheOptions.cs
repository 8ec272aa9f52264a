using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>Options of the cache on SQLite.</summary>
/// <remarks>
/// <see cref="SmartCacheOptions.ConnectionString"/> is that of Microsoft.Data.Sqlite, for example
/// <c>Data Source=sessions.db</c>; its <c>Default Timeout</c> (30 seconds) is how long a store waits for another
/// process. <c>Data Source=:memory:</c> keeps everything in memory, for tests. A
/// <see cref="SmartCacheOptions.DataSource"/> must open Microsoft.Data.Sqlite connections.
/// </remarks>
public sealed class SmartSqliteCacheOptions : SmartCacheOptions
{
    /// <summary>When a commit waits for the disk.</summary>
    /// <value>Default <see cref="SqliteSynchronous.Full"/>. Stores that come at the same time share one wait.</value>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <inheritdoc/>
    protected override SqlDialect CreateDialect() => new SqliteDialect();
}
