namespace SmartCache.Benchmarks.Load;

/// <summary>What a request does with its session, and so what the stock middleware asks of the cache.</summary>
internal enum RequestKind
{
    /// <summary>No cookie, session not touched: a refresh under a random key.</summary>
    NoCookie,

    /// <summary>A session's cookie, session not touched: a refresh.</summary>
    Untouched,

    /// <summary>Reads the session: a get and a refresh.</summary>
    Read,

    /// <summary>Sets an entry to what it was: a get and a set of the same bytes.</summary>
    Unchanged,

    /// <summary>Changes an entry: a get and a set.</summary>
    Changed,

    /// <summary>Begins a session: a get that finds nothing, and a set.</summary>
    New,

    /// <summary>Ten in a hundred without a cookie, forty untouched, forty that read, ten that change an entry.</summary>
    Mix,

    /// <summary>Eight requests of one session that all load it before each changes an entry of its own.</summary>
    Conflict,
}
