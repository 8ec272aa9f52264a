namespace SmartCache.Storage;

/// <summary>Who prepares statements. The server parses a prepared statement only once.</summary>
public enum Preparation
{
    /// <summary>Nobody, or the driver by itself.</summary>
    None,

    /// <summary>
    /// Each command is prepared before it runs. The driver remembers on the pooled connection what it has prepared, so that
    /// this costs one round trip per statement and connection.
    /// </summary>
    EveryUse,

    /// <summary>Each command is prepared once, and kept as long as its connection is open.</summary>
    Kept,
}
