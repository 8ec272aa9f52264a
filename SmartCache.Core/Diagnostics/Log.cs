using Microsoft.Extensions.Logging;

namespace SmartCache.Diagnostics;

/// <summary>Every message the packages log. Keys appear as a short hash only.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "The store of the session with key hash {KeyHash} was discarded: the session was removed while its request ran.")]
    public static partial void StoreDiscarded(this ILogger logger, string keyHash);

    [LoggerMessage(2, LogLevel.Debug,
        "Entry {Entry} of the session with key hash {KeyHash} was changed by two requests; the later store wins.")]
    public static partial void EntryConflict(this ILogger logger, string entry, string keyHash);

    [LoggerMessage(3, LogLevel.Warning,
        "The row of the session with key hash {KeyHash} does not hold a whole session; it counts as absent and the next store replaces it.")]
    public static partial void RowDamaged(this ILogger logger, string keyHash);

    [LoggerMessage(4, LogLevel.Warning,
        "A session was stored in a request that had not loaded it through this cache, so nothing could be merged: is another cache in front of this one? Logged once; the counter smartcache.session.unmerged goes on counting.")]
    public static partial void StoreWithoutBase(this ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "Accesses could not be written; they wait and are tried again in {Wait}.")]
    public static partial void FlushFailed(this ILogger logger, Exception exception, TimeSpan wait);

    [LoggerMessage(6, LogLevel.Warning,
        "Accesses could not be written while the cache was shut down; sessions may expire up to {LongestDelay} early.")]
    public static partial void LastFlushFailed(this ILogger logger, Exception exception, TimeSpan longestDelay);

    [LoggerMessage(7, LogLevel.Debug, "Removed {Count} expired rows.")]
    public static partial void SweepDone(this ILogger logger, long count);

    [LoggerMessage(8, LogLevel.Warning, "Expired rows could not be removed; the next try is in {Wait}.")]
    public static partial void SweepFailed(this ILogger logger, Exception exception, TimeSpan wait);

    [LoggerMessage(11, LogLevel.Warning,
        "The value of the key with hash {KeyHash} stands in the table in the clear, which the options do not allow: nobody trusts what it says.")]
    public static partial void RowUntrusted(this ILogger logger, string keyHash);

    [LoggerMessage(10, LogLevel.Debug, "Expired rows are left to another node, whose turn it is or was not long ago.")]
    public static partial void SweepLeft(this ILogger logger);

    [LoggerMessage(9, LogLevel.Warning,
        "The value of the key with hash {KeyHash} cannot be decrypted and is left as it is: the key ring of Data Protection does not hold the key, or the row was changed by other means.")]
    public static partial void RowUnreadable(this ILogger logger, Exception exception, string keyHash);
}
