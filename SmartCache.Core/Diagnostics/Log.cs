namespace SmartCache.Diagnostics;

/// <summary>Every message the packages log. Keys appear as a short hash only.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "The save of the session with key hash {KeyHash} was discarded: the session was removed while its request ran.")]
    public static partial void SaveDiscarded(this ILogger logger, string keyHash);

    [LoggerMessage(2, LogLevel.Debug,
        "Entry {Entry} of the session with key hash {KeyHash} was changed by two requests; the later save wins.")]
    public static partial void EntryConflict(this ILogger logger, string entry, string keyHash);

    [LoggerMessage(3, LogLevel.Warning,
        "The row of the session with key hash {KeyHash} does not contain a whole session; it counts as absent and the next save replaces it.")]
    public static partial void RowDamaged(this ILogger logger, string keyHash);

    [LoggerMessage(4, LogLevel.Warning,
        "A session was saved in a request that had not loaded it through this cache, so nothing could be merged. Is another cache in front of this one? This is logged once; the counter smartcache.session.unmerged goes on counting.")]
    public static partial void SaveWithoutBase(this ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "Touches could not be written; they wait and are tried again in {Wait}.")]
    public static partial void FlushFailed(this ILogger logger, Exception exception, TimeSpan wait);

    [LoggerMessage(6, LogLevel.Warning,
        "Touches could not be written while the cache was shut down; sessions may expire up to {LongestDelay} early.")]
    public static partial void LastFlushFailed(this ILogger logger, Exception exception, TimeSpan longestDelay);

    [LoggerMessage(7, LogLevel.Debug, "Removed {Count} expired rows.")]
    public static partial void SweepDone(this ILogger logger, long count);

    [LoggerMessage(8, LogLevel.Warning, "Expired rows could not be removed; the next try is in {Wait}.")]
    public static partial void SweepFailed(this ILogger logger, Exception exception, TimeSpan wait);

    [LoggerMessage(11, LogLevel.Warning,
        "The value of the key with hash {KeyHash} is not encrypted, which the options do not allow; it counts as absent.")]
    public static partial void RowUntrusted(this ILogger logger, string keyHash);

    [LoggerMessage(10, LogLevel.Debug, "Another node removes expired rows, or has done so not long ago.")]
    public static partial void SweepLeft(this ILogger logger);

    [LoggerMessage(12, LogLevel.Warning,
        "A session was changed after its response had started. The change is saved at the request's end, and the client may send its next request before that. This is logged once.")]
    public static partial void SaveAfterResponse(this ILogger logger);

    [LoggerMessage(13, LogLevel.Debug, "The database operation '{Operation}' failed and is tried again (try {Try}).")]
    public static partial void Retrying(this ILogger logger, Exception exception, string operation, int @try);

    [LoggerMessage(14, LogLevel.Warning, "The database operation '{Operation}' failed after {Tries} tries.")]
    public static partial void RetriesFailed(this ILogger logger, Exception exception, string operation, int tries);

    [LoggerMessage(15, LogLevel.Warning, "The circuit is open: because the database keeps failing, operations fail at once for {Duration}.")]
    public static partial void CircuitOpened(this ILogger logger, Exception exception, TimeSpan duration);

    [LoggerMessage(16, LogLevel.Information, "The circuit is closed: the database works again.")]
    public static partial void CircuitClosed(this ILogger logger);

    [LoggerMessage(9, LogLevel.Warning,
        "The value of the key with hash {KeyHash} cannot be decrypted and was left unchanged: the key ring of Data Protection does not contain the key, or the row was changed by other means.")]
    public static partial void RowUnreadable(this ILogger logger, Exception exception, string keyHash);

    [LoggerMessage(17, LogLevel.Warning,
        "The value of the key with hash {KeyHash} cannot be decompressed and was left unchanged: the row was changed by other means.")]
    public static partial void RowUndecompressed(this ILogger logger, Exception exception, string keyHash);
}
