using SmartCache.Diagnostics;

namespace SmartCache.Sessions;

/// <summary>Counts and logs what became of saves.</summary>
internal sealed class SaveReport(CacheMetrics metrics, ILogger logger)
{
    private int _hasWarned;
    private int _hasWarnedOfLate;

    public void Discarded(CacheKey key)
    {
        metrics.Discarded();
        logger.SaveDiscarded(key.ToString());
    }

    public void Decided(SaveDecision decision, CacheKey key)
    {
        if (decision.IsMerged)
            metrics.Merged();

        foreach (var entry in decision.Conflicts)
        {
            metrics.Conflict();
            if (logger.IsEnabled(LogLevel.Debug))
                logger.EntryConflict(entry, key.ToString());
        }
    }

    /// <summary>What a save has learned of its in-doubt writes.</summary>
    /// <param name="hasFailed">Whether the save failed, perhaps with one of which it does not know.</param>
    public void InDoubt(SessionSave save, bool hasFailed)
    {
        metrics.InDoubt("written", save.InDoubtWritten);
        metrics.InDoubt("not_written", save.InDoubtNotWritten);
        metrics.InDoubt("unknown", hasFailed && save.HasInDoubt ? 1 : 0);
    }

    public void Unmerged()
    {
        metrics.Unmerged();
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
