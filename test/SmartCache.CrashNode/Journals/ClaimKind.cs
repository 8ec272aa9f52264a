namespace SmartCache.CrashNode.Journals;

/// <summary>What a worker writes down of one store.</summary>
public enum ClaimKind
{
    /// <summary>It is about to set an entry, to a value that the entry has never had.</summary>
    Set,

    /// <summary>It is about to remove an entry.</summary>
    Remove,

    /// <summary>It is about to log the session out, after which nothing may be left of it.</summary>
    LogOut,

    /// <summary>It has been told that this is done.</summary>
    Done,

    /// <summary>It has been told that this failed, so it may have happened or not.</summary>
    Refused,

    /// <summary>A session it loaded lacks an entry whose setting was done.</summary>
    Unseen,
}
