namespace SmartCache.Sessions;

/// <summary>What became of a store.</summary>
internal enum CommitOutcome
{
    /// <summary>The request changed nothing; the row's value was left alone.</summary>
    Unchanged,

    /// <summary>The row holds what the request changed.</summary>
    Stored,

    /// <summary>The session was removed meanwhile; nothing was written.</summary>
    Discarded,
}
