namespace SmartCache;

/// <summary>How a changed session is stored while other requests may be storing it too. Both lose nothing.</summary>
public enum ConcurrencyMode
{
    /// <summary>One guarded statement; only when another request came first, lock, re-read and merge.</summary>
    Optimistic,

    /// <summary>Always lock, re-read, merge and store: the classic algorithm, steadier under constant conflict.</summary>
    Pessimistic,
}
