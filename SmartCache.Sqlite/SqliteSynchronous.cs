namespace SmartCache.Sqlite;

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
