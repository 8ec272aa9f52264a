namespace SmartCache.Expiration;

/// <summary>What a flush writes.</summary>
internal enum FlushScope
{
    /// <summary>Rows whose interval is over, and accesses to unknown keys.</summary>
    Due,

    /// <summary>All that waits.</summary>
    Waiting,

    /// <summary>All that waits, and what requests that still run hold: there is no later flush.</summary>
    Last,
}
