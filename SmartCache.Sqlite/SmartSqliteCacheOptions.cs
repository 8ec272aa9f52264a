namespace SmartCache.Sqlite;

/// <summary>The options of the cache on SQLite.</summary>
/// <remarks>
/// <see cref="SmartCacheOptions.ConnectionString"/> is a connection string of Microsoft.Data.Sqlite, for example
/// <c>Data Source=sessions.db</c>. Its <c>Default Timeout</c> (30 seconds; 0 has no end) is how long a save waits for another process. Only
/// its owner can read a new file. <c>Data Source=:memory:</c> keeps everything in memory, for tests.
/// <see cref="SmartCacheOptions.DataSource"/> must create connections of Microsoft.Data.Sqlite; the cache does not use the driver's pool.
/// </remarks>
public sealed class SmartSqliteCacheOptions : SmartCacheOptions
{
    /// <summary>When a commit waits for the disk.</summary>
    /// <value>Default <see cref="SqliteSynchronous.Full"/>. Saves that arrive at the same time share one wait.</value>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <inheritdoc/>
    public override string CreateTableScript() => new SqliteDialect(this).CreateTableScript(this);
}

/// <summary>When a commit waits for the disk: SQLite's <c>PRAGMA synchronous</c>, https://sqlite.org/pragma.html#pragma_synchronous.</summary>
public enum SqliteSynchronous
{
    /// <summary>
    /// Only at checkpoints. A crash of the app loses nothing; a power failure may lose the last stores, never the file.
    /// </summary>
    Normal = 1,

    /// <summary>Every commit: what was acknowledged survives a power failure.</summary>
    Full = 2,
}
