namespace SmartCache.Connections;

/// <summary>Who prepares statements. The server parses a prepared statement only once.</summary>
internal enum Preparation
{
    /// <summary>No one, or the driver by itself.</summary>
    None,

    /// <summary>
    /// Each command is prepared before it runs. The driver remembers what it has prepared on a pooled connection, so this costs
    /// one round trip per statement and connection.
    /// </summary>
    EveryUse,

    /// <summary>Each command is prepared once and kept while its connection is open.</summary>
    Kept,
}
