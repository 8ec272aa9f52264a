namespace SmartCache;

/// <summary>When an access that keeps a session alive is written to the database.</summary>
public enum RefreshMode
{
    /// <summary>
    /// In the background, many sessions per statement: at most once per tenth of the sliding window, at most a
    /// minute apart. A node that is killed loses at most that much of an access.
    /// </summary>
    Deferred,

    /// <summary>At once, one statement per request.</summary>
    Immediate,
}
