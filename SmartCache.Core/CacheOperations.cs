using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Touches;

namespace SmartCache;

/// <summary>The cache's four verbs, with one body each for synchronous and asynchronous callers.</summary>
internal sealed class CacheOperations(
    object cache,
    SmartCacheOptions options,
    RowStore store,
    TouchQueue touches,
    IHttpContextAccessor? contexts,
    TimeProvider time,
    ILogger logger)
{
    private readonly SessionSaver _sessions = new(options, store, touches, logger);
    private int _hasWarned;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<byte[]?> GetAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        // Taken before and after: a touch may be written while the row is read, and wait no longer afterwards.
        var before = touches.Waiting(key);
        var row = await store.ReadAsync(key, async, cancellationToken).ConfigureAwait(false);
        var after = touches.Waiting(key);
        row = row.With(before.Length == 0 ? after : [.. before, .. after]);
        var now = Now();
        if (row.Kind == RowKind.Damaged)
        {
            logger.RowDamaged(key.ToString());
        }

        row.ThrowIfUnreadableAt(now);
        var isLive = row.Kind != RowKind.Damaged && row.IsLiveAt(now);
        var isTaken = SessionRequest.Current(contexts, out var session) is { } request && Observe(request, session, key, row, isLive, now);
        if (!isLive)
        {
            return null;
        }

        if (isTaken)
        {
            // The snapshot keeps the bytes as the base of a later save. The caller may change its own copy.
            return row.Session!.Bytes.ToArray();
        }

        await _sessions.TouchAsync(key, now, now, row.Stored, async, cancellationToken).ConfigureAwait(false);
        return row.Session?.Array ?? row.Value;
    }

    public async ValueTask SetAsync(CacheKey key, byte[] value, DistributedCacheEntryOptions expiration, bool async, CancellationToken cancellationToken)
    {
        var now = Now();
        var lifetime = Lifetime.From(expiration, now, options.DefaultSlidingExpiration);
        _ = SessionPayload.TryParse(value, out var payload);
        if (SessionRequest.Current(contexts, out var session) is not { } request)
        {
            await OverwriteAsync(key, value, payload, lifetime, now, async, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var known = await request.EnterAsync(cache, key, async, cancellationToken).ConfigureAwait(false);
        if (payload is null || !await TryCommitAsync(request, known, session, payload, lifetime, now, async, cancellationToken).ConfigureAwait(false))
        {
            await OverwriteAsync(key, value, payload, lifetime, now, async, cancellationToken).ConfigureAwait(false);
            known.Forget();
        }
    }

    public async ValueTask RefreshAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = Now();
        if (SessionRequest.Known(contexts, out var session) is not { } request)
        {
            await _sessions.TouchAsync(key, now, now, row: null, async, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var known = await request.EnterAsync(cache, key, async, cancellationToken).ConfigureAwait(false);
        var snapshot = known.FindForCommit(session);

        // The stock session replaces what it cannot read: it never refreshes an opaque value.
        var isCommit = snapshot is { IsMiss: false }
            || (key.LooksLikeSessionKey && (session is null || snapshot is not (null or { Theirs.Kind: RowKind.Opaque })));
        if (!isCommit)
        {
            await _sessions.TouchAsync(key, now, now, row: null, async, cancellationToken).ConfigureAwait(false);
        }
        else if (request.TakeAbandon(key, isEnd: session is null))
        {
            await _sessions.AbandonAsync(request, known, async, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _sessions.RefreshAsync(request, known, snapshot, now, async, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask RemoveAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        var request = SessionRequest.Known(contexts, out _);
        using var known = request is null ? null : await request.EnterAsync(cache, key, async, cancellationToken).ConfigureAwait(false);
        await store.RemoveAsync(key, async, cancellationToken).ConfigureAwait(false);
        touches.Removed(key);
        known?.RenewAll(
            static snapshot => snapshot.IsMiss ? snapshot with { Theirs = Row.Absent } : snapshot with { IsRemoved = true, Held = null });
    }

    /// <summary>
    /// Saves a payload that is the request's own session: one that the current session object has loaded or, if the middleware has removed
    /// that object because the request ends, one under a key of the middleware's form. The middleware never changes a payload's id.
    /// </summary>
    /// <returns>False if it is a value of the app's own, although it looks like a session.</returns>
    private async ValueTask<bool> TryCommitAsync(
        SessionRequest request,
        RequestedKey known,
        object? session,
        SessionPayload mine,
        Lifetime lifetime,
        long now,
        bool async,
        CancellationToken cancellationToken)
    {
        var looksLikeSessionKey = known.Key.LooksLikeSessionKey;
        var isEnd = session is null && looksLikeSessionKey;
        var snapshot = known.FindForCommit(session);
        var isOwn = snapshot is null ? isEnd : snapshot.Basis.Base is not { } from || from.Id.SequenceEqual(mine.Id);
        if (looksLikeSessionKey && (snapshot is null || !isOwn) && known.RecallMiss(session, snapshot) is { } miss)
        {
            (snapshot, isOwn) = (miss, true);
        }

        if (isOwn && (looksLikeSessionKey || snapshot is { IsMiss: false }) && request.TakeAbandon(known.Key, isEnd: session is null))
        {
            await _sessions.AbandonAsync(request, known, async, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (isOwn && snapshot is not null)
        {
            await _sessions.SaveAsync(request, known, snapshot, mine, lifetime, isEnd, now, async, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (isOwn && request is { SkipSave: true, ForceSave: false })
        {
            return true;
        }

        CacheMetrics.Unmerged.Add(1);
        if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            logger.SaveWithoutBase();
        }

        return false;
    }

    private async ValueTask OverwriteAsync(
        CacheKey key, byte[] value, SessionPayload? session, Lifetime lifetime, long now, bool async, CancellationToken cancellationToken)
    {
        var (format, bytes) = session is null ? (RowFormat.Opaque, value) : RowFormat.Encode(session, options.PayloadFormat);
        CacheValueTooLargeException.ThrowIfLarger(value, options.MaxValueSize, key);
        CacheValueTooLargeException.ThrowIfLarger(bytes, options.MaxValueSize, key);
        var write = new RowWrite { Value = bytes, Format = format, Version = RowWrite.NewVersion(), Lifetime = lifetime };
        await store.UpsertAsync(key, write, now, async, cancellationToken).ConfigureAwait(false);
        touches.Stored(key, now, lifetime);
    }

    /// <summary>Remembers what a request read. Reading a session counts as an access from the request's end, until which the request may object.</summary>
    /// <returns>Whether the request keeps the value and the access.</returns>
    private bool Observe(SessionRequest request, object? session, CacheKey key, Row row, bool isLive, long now)
    {
        var isSession = isLive && row.Kind == RowKind.Session;
        var isHeldAlready = isSession && request.Find(cache, key)?.HoldsTouch == true;
        var held = isSession && !isHeldAlready && touches.Hold(key, now, row.Stored) is { } hold ? new HeldAccess(now, hold) : null;
        request.Observe(cache, key, session, row, isLive, held);
        return isSession;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
