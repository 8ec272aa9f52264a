using Microsoft.AspNetCore.Http;
using SmartCache.Diagnostics;
using SmartCache.Payloads;
using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sessions;

/// <summary>
/// Saves, refreshes and abandons a request's sessions, adds the touches that this means, and keeps the request's snapshots in step. The
/// end of a request is a call without a session object: the stock middleware has removed that by then.
/// </summary>
internal sealed class SessionSaver(
    SmartCacheOptions options, RowStore store, TouchQueue touches, IHttpContextAccessor? contexts, CacheMetrics metrics, ILogger logger)
{
    private readonly SessionWriter _writer = new(store, touches, options);
    private readonly SaveReport _report = new(metrics, logger);

    /// <summary>
    /// Saves a payload that is the request's own session: one that the session object has loaded or, at the request's end, one under a key
    /// of the middleware's form. The middleware never changes a payload's id.
    /// </summary>
    /// <returns>False if it is a value of the app's own, although it looks like a session.</returns>
    public async ValueTask<bool> TrySaveAsync(
        SessionRequest request, RequestedKey known, object? session, SessionPayload mine, Lifetime lifetime, long now, bool async, CancellationToken token)
    {
        try
        {
            var isSaved = await TrySaveOwnAsync(request, known, session, mine, lifetime, now, async, token).ConfigureAwait(false);
            if (isSaved && session is null)
                request.Response?.Release();

            return isSaved;
        }
        catch (Exception exception) when (session is null)
        {
            // The middleware swallows it.
            request.Response?.Failed(session, exception);
            throw;
        }
    }

    private async ValueTask<bool> TrySaveOwnAsync(
        SessionRequest request, RequestedKey known, object? session, SessionPayload mine, Lifetime lifetime, long now, bool async, CancellationToken token)
    {
        var looksLikeSessionKey = known.Key.LooksLikeSessionKey;
        var isLast = request.IsEnd(session);
        var isEnd = isLast && looksLikeSessionKey;
        var snapshot = known.FindForCommit(session);
        if (session is null)
            request.Response?.Ended(snapshot?.Owner);

        var isOwn = snapshot is null ? isEnd : snapshot.Basis.Base is not { } from || from.Id.SequenceEqual(mine.Id);
        if (looksLikeSessionKey && (snapshot is null || !isOwn) && known.RecallMiss(session, snapshot) is { } miss)
            (snapshot, isOwn) = (miss, true);

        if (isOwn && (looksLikeSessionKey || snapshot is { IsMiss: false }) && request.TakeAbandon(known.Key, isLast))
        {
            await AbandonAsync(request, known, session, now, async, token).ConfigureAwait(false);
            return true;
        }

        if (isOwn && snapshot is not null)
        {
            // Only at the end does an empty session without a row get none.
            var save = new SaveRequest(known.Key, mine, lifetime, snapshot, request.ForceSave, request.SkipRefresh, SkipEmpty: isEnd, now);
            if (session is null)
                request.Response?.ThrowIfFailed(snapshot.Owner);

            await SaveAsync(request, known, session, save, async, token).ConfigureAwait(false);
            return true;
        }

        if (isOwn && request is { SkipSave: true, ForceSave: false })
            return true;

        _report.Unmerged();
        return false;
    }

    /// <summary>Writes a value that is not merged with anything: the last writer wins.</summary>
    public async ValueTask OverwriteAsync(
        CacheKey key, byte[] value, SessionPayload? session, Lifetime lifetime, long now, bool async, CancellationToken token)
    {
        var (format, bytes) = session is null ? (RowFormat.Opaque, value) : RowFormat.Encode(session, options.PayloadFormat);
        CacheValueTooLargeException.ThrowIfLarger(value, options.MaxValueSize, key);
        CacheValueTooLargeException.ThrowIfLarger(bytes, options.MaxValueSize, key);
        var write = new RowWrite { Value = bytes, Format = format, Version = RowWrite.NewVersion(), Lifetime = lifetime, Owner = session is null ? null : options.OwnerOf(contexts?.HttpContext) };
        await store.UpsertAsync(key, write, now, async, token).ConfigureAwait(false);
        touches.Stored(key, now, lifetime);
    }

    /// <summary>A refresh by the app, or a request's end that changes nothing: a touch, if the request wants it to be one.</summary>
    public async ValueTask RefreshAsync(SessionRequest request, RequestedKey known, object? session, long now, bool async, CancellationToken token)
    {
        var snapshot = known.FindForCommit(session);
        var isLast = request.IsEnd(session);
        if (session is null)
            request.Response?.Ended(snapshot?.Owner);

        // The stock session replaces what it cannot read: it never refreshes an opaque value.
        var isOwn = snapshot is { IsMiss: false }
            || (known.Key.LooksLikeSessionKey && (isLast || snapshot is not (null or { Theirs.Kind: RowKind.Opaque })));
        if (!isOwn)
        {
            await TouchAsync(known.Key, now, now, row: null, async, token).ConfigureAwait(false);
            return;
        }

        if (request.TakeAbandon(known.Key, isLast))
        {
            await AbandonAsync(request, known, session, now, async, token).ConfigureAwait(false);
            return;
        }

        if (isLast)
            snapshot = await TellOwnerAsync(request, known, session, snapshot, now, async, token).ConfigureAwait(false);

        if (session is null)
            request.Response?.Release();

        // A touch belongs to the request's end. There it says nothing new if the row was written just before the response.
        if (isLast && session is not null)
            return;

        if (isLast && known.SettledAt is { } settled && now - settled < Touch.FlushPeriodMs)
        {
            ReleaseHold(known, counts: false);
            return;
        }

        var counts = !request.SkipRefresh;
        var isHeld = BeginCommit(known, counts, request.ForceSave);
        if (!counts || snapshot is { IsMiss: true, Theirs.Kind: RowKind.Absent } or { IsRemoved: true })
            return;

        var first = snapshot?.Held?.At ?? now;
        var row = snapshot is { IsMiss: false } ? snapshot.Theirs.Stored : (Lifetime?)null;
        if (request.ForceSave)
            await store.TouchAsync(Touch.OfRequest(known.Key, first, now, row), async, token).ConfigureAwait(false);
        else
            await TouchAsync(known.Key, first, now, row, async, token).ConfigureAwait(false);

        EndCommit(known, isHeld);
    }

    /// <summary>Adds a touch to the queue, or writes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="first">When the row was found live.</param>
    /// <param name="now">The moment of the touch.</param>
    /// <param name="row">The lifetime in the row's columns; null if it is not known.</param>
    public async ValueTask TouchAsync(CacheKey key, long first, long now, Lifetime? row, bool async, CancellationToken token)
    {
        if (options.RefreshMode == RefreshMode.Deferred)
            touches.Add(key, now, row);
        else if (row is not { IsFixed: true })
            await store.TouchAsync(Touch.OfRequest(key, first, now, row), async, token).ConfigureAwait(false);
    }

    /// <summary>Removes the session's row, and with it the base of every session object of the request.</summary>
    private async ValueTask AbandonAsync(
        SessionRequest request, RequestedKey known, object? session, long now, bool async, CancellationToken token)
    {
        try
        {
            await store.RemoveAsync(known.Key, async, token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Still to be done: a later commit of the request tries again.
            request.Abandon();
            if (session is null)
                request.Response?.Failed(session, exception);

            throw;
        }

        touches.Removed(known.Key);
        known.Outcome = "abandoned";
        known.RenewAll(static snapshot => snapshot with { IsRemoved = true, Held = null });
        request.Saved(known, session, now);
        _report.WarnIfLate(request, session);
    }

    /// <summary>
    /// The request saves nothing, but its row may have another owner than the request has: this is the first page after a login. What was
    /// told before the response is not told again at the request's end.
    /// </summary>
    /// <returns>What the request knows of the session now.</returns>
    private async ValueTask<SessionSnapshot?> TellOwnerAsync(
        SessionRequest request, RequestedKey known, object? session, SessionSnapshot? snapshot, long now, bool async, CancellationToken token)
    {
        if (options.Owner is null || snapshot is not { IsRemoved: false, Basis.Base: { } loaded } || request is { SkipSave: true, ForceSave: false }
            || (session is null && (known.HasOwner || known.SettledAt is not null)))
        {
            return snapshot;
        }

        try
        {
            var name = options.OwnerOf(contexts?.HttpContext);
            if (name is not null && name != snapshot.Theirs.Owner)
            {
                var save = new SaveRequest(known.Key, loaded, snapshot.Theirs.Stored, snapshot, Force: false, request.SkipRefresh, SkipEmpty: false, now) { Owner = name };
                await WriteAsync(request, session, new SessionSave(save, options), known, async, token).ConfigureAwait(false);
                request.Saved(known, session, now);
            }
        }
        catch (Exception exception) when (session is null)
        {
            request.Response?.Failed(session, exception);
            throw;
        }

        known.HasOwner = true;
        return known.Find(snapshot.Owner);
    }

    private async ValueTask SaveAsync(
        SessionRequest request, RequestedKey known, object? session, SaveRequest save, bool async, CancellationToken token)
    {
        var isHeld = BeginCommit(known, counts: !save.KeepExpiry, isForced: false);
        known.Outcome = save.Snapshot.IsRemoved ? "discarded" : "unchanged";
        if (save.Snapshot.IsRemoved)
            _report.Discarded(known.Key);
        else if (request is not { SkipSave: true, ForceSave: false })
            await WriteAsync(request, session, new SessionSave(save with { Owner = options.OwnerOf(contexts?.HttpContext) }, options), known, async, token).ConfigureAwait(false);
        else if (!save.KeepExpiry && !save.Snapshot.IsMiss)
            await TouchAsync(known.Key, save.FirstTouch, save.Now, save.Snapshot.Theirs.Stored, async, token).ConfigureAwait(false);

        EndCommit(known, isHeld);
        request.Saved(known, session, save.Now);
    }

    private async ValueTask WriteAsync(
        SessionRequest asking, object? session, SessionSave save, RequestedKey known, bool async, CancellationToken token)
    {
        var request = save.Request;
        try
        {
            await _writer.WriteAsync(save, async, token).ConfigureAwait(false);
        }
        catch
        {
            known.Renew(request.Snapshot.Owner, save.SnapshotAfterFailure);
            _report.InDoubt(save, hasFailed: true);
            throw;
        }

        known.Renew(request.Snapshot.Owner, save.SnapshotAfter);
        _report.InDoubt(save, hasFailed: false);
        var decision = save.Decision;
        known.Outcome = decision.Outcome switch { SaveOutcome.Saved => "saved", SaveOutcome.Discarded => "discarded", _ => "unchanged" };
        if (decision.Outcome == SaveOutcome.Discarded)
        {
            _report.Discarded(request.Key);
            return;
        }

        _report.Decided(decision, request.Key);
        if (decision.Outcome == SaveOutcome.Saved)
            _report.WarnIfLate(asking, session);

        if (decision.WritesExpiry)
            touches.Stored(request.Key, request.Now, decision.After.Stored);
        else if (!request.KeepExpiry && (decision.Outcome == SaveOutcome.Saved || save.HasBase))
            await TouchAsync(request.Key, request.FirstTouch, request.Now, decision.After.Stored, async, token).ConfigureAwait(false);
    }

    /// <summary>
    /// The request ends: its read counts as a touch from now on, or never did. If the end itself writes the touch, the read is held until
    /// that is done: another commit may follow one that failed.
    /// </summary>
    /// <returns>Whether the read is still held.</returns>
    private bool BeginCommit(RequestedKey known, bool counts, bool isForced)
    {
        if (counts && (isForced || options.RefreshMode == RefreshMode.Immediate))
            return true;

        ReleaseHold(known, counts);
        return false;
    }

    private void EndCommit(RequestedKey known, bool isHeld)
    {
        if (isHeld)
            ReleaseHold(known, counts: false);
    }

    private void ReleaseHold(RequestedKey known, bool counts)
    {
        if (known.TakeHeld() is { } held)
            touches.Release(known.Key, held.At, held.Hold, counts);
    }
}
