namespace SmartCache.Simulation.Requests;

/// <summary>What an app does in a request.</summary>
internal enum DeedKind
{
    Load,

    /// <summary>The synchronous look at a session that has not been loaded.</summary>
    LoadAtOnce,
    Set,
    Count,
    Remove,
    Clear,
    Commit,

    /// <summary>A commit whose caller may change its mind.</summary>
    CommitUnlessCancelled,

    /// <summary>The middleware runs anew in the same request.</summary>
    ExecuteAnew,
    Wait,
    SkipSave,
    ForceSave,
    SkipRefresh,
    Abandon,
}
