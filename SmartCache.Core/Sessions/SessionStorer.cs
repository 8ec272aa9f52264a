using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>
/// Stores a request's sessions, notes the accesses they stand for, and keeps the request's snapshot in step.
/// </summary>
internal sealed class SessionStorer(SmartCacheOptions options, RowStore store, TouchQueue touches, ILogger logger)
{
    private readonly SessionWriter _writer = new(options, store, touches);

    /// <param name="request">The request.</param>
    /// <param name="known">What it knows of the key.</param>
    /// <param name="snapshot">What the session object that commits knows.</param>
    /// <param name="mine">What is to be stored.</param>
    /// <param name="lifetime">The lifetime it gives the row.</param>
    /// <param name="isEnd">Whether the middleware commits: an empty session that has no row needs none.</param>
    /// <param name="now">The moment of the store.</param>
    /// <param name="async">Whether not to block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask StoreAsync(
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
        var key = known.Key;
        var isHeld = BeginCommit(known, counts: !request.SkipRefresh, isForced: false);
        if (snapshot.IsRemoved)
        {
            Discarded(key);
        }
        else if (request is not { SkipSave: true, ForceSave: false })
        {
            var toDo = new CommitRequest(key, mine, lifetime, snapshot, request.ForceSave, request.SkipRefresh, isEnd, now);
            await StoreAsync(toDo, known, async, cancellationToken).ConfigureAwait(false);
        }
        else if (!request.SkipRefresh && !snapshot.IsMiss)
        {
            await TouchAsync(key, snapshot.Held?.Access ?? now, now, snapshot.Theirs.Stored, async, cancellationToken).ConfigureAwait(false);
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

        var access = snapshot?.Held?.Access ?? now;
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
    /// <param name="first">The access that found the row alive.</param>
    /// <param name="now">This access.</param>
    /// <param name="row">The lifetime that the row's columns say; null if it is not known.</param>
    /// <param name="async">Whether not to block.</param>
    /// <param name="cancellationToken">Ends it.</param>
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

    /// <summary>Removes the session's row, and with it every base a session object of the request has.</summary>
    public async ValueTask AbandonAsync(SessionRequest request, RequestedKey known, bool async, CancellationToken cancellationToken)
    {
        try
        {
            await store.RemoveAsync(known.Key, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Still to be done: a later commit of the request makes up for it.
            request.Abandon();
            throw;
        }

        touches.Removed(known.Key);
        known.RenewAll(static snapshot => snapshot with { IsRemoved = true, Held = null });
    }

    private async ValueTask StoreAsync(CommitRequest toDo, RequestedKey known, bool async, CancellationToken cancellationToken)
    {
        var commit = new SessionCommit(toDo, options, touches);
        try
        {
            await _writer.WriteAsync(commit, toDo.Key, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            known.Renew(toDo.Snapshot.Owner, commit.SnapshotAfterFailure);
            throw;
        }

        known.Renew(toDo.Snapshot.Owner, commit.SnapshotAfter);
        if (commit.Outcome == CommitOutcome.Discarded)
        {
            Discarded(toDo.Key);
            return;
        }

        Count(commit, toDo.Key);
        if (commit.HasWrittenExpiry)
        {
            touches.Stored(toDo.Key, toDo.Now, commit.LifetimeAfter);
        }
        else if (!toDo.KeepExpiry && (commit.Outcome == CommitOutcome.Stored || commit.HasBase))
        {
            await TouchAsync(toDo.Key, commit.FirstAccess, toDo.Now, commit.LifetimeAfter, async, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The request comes to its end: its read counts as an access from now on, or never did. Where the end itself writes
    /// it, it is held until that has been done: a commit that failed may have another after it.
    /// </summary>
    /// <returns>Whether it is held still.</returns>
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

    /// <summary>A read counts as an access from now on, or, where it does not or has been written, is forgotten.</summary>
    private void ReleaseHold(RequestedKey known, bool counts)
    {
        if (known.TakeHeld() is { } held)
        {
            touches.Release(known.Key, held.Access, held.Hold, counts);
        }
    }

    private void Discarded(CacheKey key)
    {
        CacheMetrics.Discarded.Add(1);
        logger.StoreDiscarded(key.ToString());
    }

    private void Count(SessionCommit commit, CacheKey key)
    {
        if (commit.IsMerged)
        {
            CacheMetrics.Merged.Add(1);
        }

        foreach (var entry in commit.Conflicts)
        {
            CacheMetrics.Conflicts.Add(1);
            if (logger.IsEnabled(LogLevel.Debug))
            {
                logger.EntryConflict(entry, key.ToString());
            }
        }
    }
}
