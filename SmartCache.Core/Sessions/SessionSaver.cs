using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sessions;

/// <summary>Saves, refreshes and abandons a request's sessions, notes the accesses that this means, and keeps the request's snapshots in step.</summary>
internal sealed class SessionSaver(SmartCacheOptions options, RowStore store, TouchQueue touches, ILogger logger)
{
    private readonly SessionWriter _writer = new(store, touches, options);

    /// <param name="request">The request.</param>
    /// <param name="known">What it knows about the key.</param>
    /// <param name="snapshot">What the session object that commits knows.</param>
    /// <param name="mine">The payload to save.</param>
    /// <param name="lifetime">The lifetime to give the row.</param>
    /// <param name="isEnd">Whether the middleware commits: an empty session without a row then gets none.</param>
    /// <param name="now">The moment of the save.</param>
    /// <param name="async">Whether to await the driver.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public async ValueTask SaveAsync(
        SessionRequest request,
        RequestedKey known,
        SessionSnapshot snapshot,
        SessionPayload mine,
        Lifetime lifetime,
        bool isEnd,
        long now,
        bool async,
        CancellationToken cancellationToken)
    {
        var isHeld = BeginCommit(known, counts: !request.SkipRefresh, isForced: false);
        if (snapshot.IsRemoved)
        {
            Discarded(known.Key);
        }
        else if (request is not { SkipSave: true, ForceSave: false })
        {
            var save = new SessionSave(
                new SaveRequest(known.Key, mine, lifetime, snapshot, request.ForceSave, request.SkipRefresh, isEnd, now), options);
            await SaveAsync(save, known, async, cancellationToken).ConfigureAwait(false);
        }
        else if (!request.SkipRefresh && !snapshot.IsMiss)
        {
            await TouchAsync(known.Key, snapshot.Held?.At ?? now, now, snapshot.Theirs.Stored, async, cancellationToken).ConfigureAwait(false);
        }

        EndCommit(known, isHeld);
    }

    /// <summary>A commit that changes nothing: an access, if the request wants it to be one.</summary>
    public async ValueTask RefreshAsync(
        SessionRequest request, RequestedKey known, SessionSnapshot? snapshot, long now, bool async, CancellationToken cancellationToken)
    {
        var counts = !request.SkipRefresh;
        var isHeld = BeginCommit(known, counts, request.ForceSave);
        if (!counts || snapshot is { IsMiss: true, Theirs.Kind: RowKind.Absent } or { IsRemoved: true })
        {
            return;
        }

        var access = snapshot?.Held?.At ?? now;
        var row = snapshot is { IsMiss: false } ? snapshot.Theirs.Stored : (Lifetime?)null;
        if (request.ForceSave)
        {
            await store.TouchAsync(Touch.OfRequest(known.Key, access, now, row), async, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await TouchAsync(known.Key, access, now, row, async, cancellationToken).ConfigureAwait(false);
        }

        EndCommit(known, isHeld);
    }

    /// <summary>Notes an access, or writes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="first">The access that found the row live.</param>
    /// <param name="now">This access.</param>
    /// <param name="row">The lifetime in the row's columns; null if it is not known.</param>
    /// <param name="async">Whether to await the driver.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public async ValueTask TouchAsync(CacheKey key, long first, long now, Lifetime? row, bool async, CancellationToken cancellationToken)
    {
        if (options.RefreshMode == RefreshMode.Deferred)
        {
            touches.Note(key, now, row);
        }
        else if (row is not { IsFixed: true })
        {
            await store.TouchAsync(Touch.OfRequest(key, first, now, row), async, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the session's row, and with it the base of every session object of the request.</summary>
    public async ValueTask AbandonAsync(SessionRequest request, RequestedKey known, bool async, CancellationToken cancellationToken)
    {
        try
        {
            await store.RemoveAsync(known.Key, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Still to be done: a later commit of the request tries again.
            request.Abandon();
            throw;
        }

        touches.Removed(known.Key);
        known.RenewAll(static snapshot => snapshot with { IsRemoved = true, Held = null });
    }

    private async ValueTask SaveAsync(SessionSave save, RequestedKey known, bool async, CancellationToken cancellationToken)
    {
        var request = save.Request;
        try
        {
            await _writer.WriteAsync(save, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            known.Renew(request.Snapshot.Owner, save.SnapshotAfterFailure);
            throw;
        }

        known.Renew(request.Snapshot.Owner, save.SnapshotAfter);
        var decision = save.Decision;
        if (decision.Outcome == SaveOutcome.Discarded)
        {
            Discarded(request.Key);
            return;
        }

        Count(decision, request.Key);
        if (decision.WritesExpiry)
        {
            touches.Stored(request.Key, request.Now, decision.After.Stored);
        }
        else if (!request.KeepExpiry && (decision.Outcome == SaveOutcome.Saved || save.HasBase))
        {
            var first = request.Snapshot.Held?.At ?? request.Now;
            await TouchAsync(request.Key, first, request.Now, decision.After.Stored, async, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The request ends: its read counts as an access from now on, or never did. If the end itself writes the access, the read is held
    /// until that is done: another commit may follow one that failed.
    /// </summary>
    /// <returns>Whether the read is still held.</returns>
    private bool BeginCommit(RequestedKey known, bool counts, bool isForced)
    {
        if (counts && (isForced || options.RefreshMode == RefreshMode.Immediate))
        {
            return true;
        }

        ReleaseHold(known, counts);
        return false;
    }

    private void EndCommit(RequestedKey known, bool isHeld)
    {
        if (isHeld)
        {
            ReleaseHold(known, counts: false);
        }
    }

    private void ReleaseHold(RequestedKey known, bool counts)
    {
        if (known.TakeHeld() is { } held)
        {
            touches.Release(known.Key, held.At, held.Hold, counts);
        }
    }

    private void Discarded(CacheKey key)
    {
        CacheMetrics.Discarded.Add(1);
        logger.SaveDiscarded(key.ToString());
    }

    private void Count(SaveDecision decision, CacheKey key)
    {
        if (decision.IsMerged)
        {
            CacheMetrics.Merged.Add(1);
        }

        foreach (var entry in decision.Conflicts)
        {
            CacheMetrics.Conflicts.Add(1);
            if (logger.IsEnabled(LogLevel.Debug))
            {
                logger.EntryConflict(entry, key.ToString());
            }
        }
    }
}
