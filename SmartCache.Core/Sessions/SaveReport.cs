using SmartCache.Diagnostics;

namespace SmartCache.Sessions;

/// <summary>Counts and logs what became of saves.</summary>
internal sealed class SaveReport(ILogger logger)
{
    private int _hasWarned;
    private int _hasWarnedOfLate;

    public void Discarded(CacheKey key)
    {
        CacheMetrics.Discarded.Add(1);
        logger.SaveDiscarded(key.ToString());
    }

    public void Decided(SaveDecision decision, CacheKey key)
    {
        if (decision.IsMerged)
            CacheMetrics.Merged.Add(1);

        foreach (var entry in decision.Conflicts)
        {
            CacheMetrics.Conflicts.Add(1);
            if (logger.IsEnabled(LogLevel.Debug))
                logger.EntryConflict(entry, key.ToString());
        }
    }

    public void Unmerged()
    {
        CacheMetrics.Unmerged.Add(1);
        if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
            logger.SaveWithoutBase();
    }

    /// <summary>The middleware saves at the end what the response has not waited for.</summary>
    public void WarnIfLate(SessionRequest request, object? session)
    {
        if (session is null && request.Response is { HasStarted: true } && Interlocked.Exchange(ref _hasWarnedOfLate, 1) == 0)
            logger.SaveAfterResponse();
    }
}
