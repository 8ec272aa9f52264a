using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>
/// Stores a request's sessions, notes the accesses they stand for, and keeps the request's snapshot in step.
/// </summary>
internal sealed class SessionStorer(object cache, SmartCacheOptions options, RowStore store, TouchQueue touches, ILogger logger)
{
    private readonly SessionWriter _writer = new(options, store, touches);

    public async ValueTask StoreAsync(
        SessionRequest request,
        SessionSnapshot snapshot,
        CacheKey key,
        SessionPayload mine,
        Lifetime lifetime,
        long now,
        bool async,
        CancellationToken cancellationToken)
    {
        if (snapshot.IsRemoved)
        {
            Discarded(key);
            return;
        }

        if (request is { SkipSave: true, ForceSave: false })
        {
            if (!request.SkipRefresh && !snapshot.IsMiss)
            {
                await RefreshAsync(key, snapshot.Held?.Access ?? now, now, snapshot.Theirs.Stored, async, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var commit = new SessionCommit(
            new CommitRequest(key, mine, lifetime, snapshot, request.ForceSave, request.SkipRefresh, now), options, touches);
        try
        {
            await _writer.WriteAsync(commit, key, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            request.Renew(cache, key, commit.SnapshotAfterFailure);
            throw;
        }

        request.Renew(cache, key, commit.SnapshotAfter);
        await FinishAsync(commit, request, key, now, async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A read counts as an access from now on, or, where it does not or has been written, is forgotten.</summary>
    public void ReleaseHold(SessionRequest request, SessionSnapshot? snapshot, CacheKey key, bool counts)
    {
        if (snapshot?.Held is { } held)
        {
            touches.Release(key, held.Access, held.Hold, counts);
            request.Renew(cache, key, static known => known with { Held = null });
        }
    }

    private async ValueTask FinishAsync(
        SessionCommit commit, SessionRequest request, CacheKey key, long now, bool async, CancellationToken cancellationToken)
    {
        if (commit.Outcome == CommitOutcome.Discarded)
        {
            Discarded(key);
            return;
        }

        Count(commit, key);
        if (commit.HasWrittenExpiry)
        {
            touches.Stored(key, now, commit.LifetimeAfter);
        }
        else if (!request.SkipRefresh && (commit.Outcome == CommitOutcome.Stored || commit.HasBase))
        {
            await RefreshAsync(key, commit.FirstAccess, now, commit.LifetimeAfter, async, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RefreshAsync(CacheKey key, long read, long now, Lifetime lifetime, bool async, CancellationToken cancellationToken)
    {
        if (options.RefreshMode == RefreshMode.Deferred)
        {
            touches.Note(key, now, lifetime);
        }
        else
        {
            await store.TouchAsync(Touch.OfRequest(key, read, now, lifetime), async, cancellationToken).ConfigureAwait(false);
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
