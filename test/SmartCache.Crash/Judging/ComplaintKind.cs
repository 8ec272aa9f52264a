namespace SmartCache.Crash.Judging;

/// <summary>What can be wrong with what is found after a run.</summary>
internal enum ComplaintKind
{
    /// <summary>An acknowledged value is not there.</summary>
    Lost,

    /// <summary>Something is there that nobody tried to store.</summary>
    Phantom,

    /// <summary>Something is there whose removal was acknowledged.</summary>
    Undone,

    /// <summary>A session that was loaded lacked something whose store was acknowledged.</summary>
    Unseen,
}
