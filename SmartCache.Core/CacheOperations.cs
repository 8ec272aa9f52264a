using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Sessions;
using SmartCache.Storage;

namespace SmartCache;

/// <summary>The cache's four verbs, one body each for synchronous and asynchronous callers.</summary>
internal sealed class CacheOperations(
    object cache,
    SmartCacheOptions options,
    RowStore store,
    TouchQueue touches,
    IHttpContextAccessor? contexts,
    TimeProvider time,
    ILogger logger)
{
    private readonly SessionStorer _sessions = new(options, store, touches, logger);
    private int _saidUnmerged;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<byte[]?> GetAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        // Noted before and after: an access may be written while the row is read, and be no longer waiting then.
        var before = touches.Waiting(key);
        var stored = await store.ReadAsync(key, async, cancellationToken).ConfigureAwait(false);
        var after = touches.Waiting(key);
        var row = RowView.Of(stored, key, before.Length == 0 ? after : [.. before, .. after]);
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
            // The snapshot keeps the bytes as the base of a later store: what the caller does to its own is its affair.
            return row.Session!.Bytes.ToArray();
        }

        await _sessions.TouchAsync(key, now, now, row.Stored, async, cancellationToken).ConfigureAwait(false);
        return row.Session?.Array ?? stored!.Value;
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

        using var use = await request.Keys.EnterAsync(cache, key, async, cancellationToken).ConfigureAwait(false);
        var known = use.Known!;
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

        using var use = await request.Keys.EnterAsync(cache, key, async, cancellationToken).ConfigureAwait(false);
        var known = use.Known!;
        var snapshot = known.FindForCommit(session);

        // The stock session replaces what it cannot read: it never refreshes that.
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
        using var use = request is null ? default : await request.Keys.EnterAsync(cache, key, async, cancellationToken).ConfigureAwait(false);
        await store.RemoveAsync(key, async, cancellationToken).ConfigureAwait(false);
        touches.Removed(key);
        use.Known?.RenewAll(
            static snapshot => snapshot.IsMiss ? snapshot with { Theirs = RowView.Absent } : snapshot with { IsRemoved = true, Held = null });
    }

    /// <summary>
    /// Stores a payload that is the request's own session: one that the current session object has loaded or, when the
    /// middleware has taken that away because the request ends, one under a key in the middleware's form. The middleware
    /// never gives a payload another id.
    /// </summary>
    /// <returns>False if it is a value of the app's own, though it looks like a session.</returns>
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
        var isOwn = snapshot is null ? isEnd : snapshot.IsMiss || snapshot.Base!.Id.SequenceEqual(mine.Id);
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
            await _sessions.StoreAsync(request, known, snapshot, mine, lifetime, isEnd, now, async, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (isOwn && request is { SkipSave: true, ForceSave: false })
        {
            return true;
        }

        CountUnmerged();
        return false;
    }

    private async ValueTask OverwriteAsync(
        CacheKey key, byte[] value, SessionPayload? session, Lifetime lifetime, long now, bool async, CancellationToken cancellationToken)
    {
        var (format, bytes) = session is null ? (RowFormat.Opaque, value) : SessionEncoding.Encode(session, options.PayloadFormat);
        CacheValueTooLargeException.ThrowIfLarger(value, options.MaxValueSize, key);
        CacheValueTooLargeException.ThrowIfLarger(bytes, options.MaxValueSize, key);
        var write = new RowWrite(bytes, format, Stamps.New(), lifetime);
        await store.UpsertAsync(key, write, now, async, cancellationToken).ConfigureAwait(false);
        touches.Stored(key, now, lifetime);
    }

    /// <summary>
    /// Remembers what a request read. A read is an access; that of a session counts from the request's end, which
    /// may yet ask that it does not.
    /// </summary>
    /// <returns>Whether the request has taken the value and the access over.</returns>
    private bool Observe(SessionRequest request, object? session, CacheKey key, RowView row, bool isLive, long now)
    {
        var isSession = isLive && row.Kind == RowKind.Session;
        var isHeldAlready = isSession && request.Keys.Find(cache, key)?.HoldsTouch == true;
        var held = isSession && !isHeldAlready && touches.Hold(key, now, row.Stored) is { } hold ? new HeldTouch(now, hold) : null;
        request.Keys.Observe(cache, key, session, row, isLive, held);
        return isSession;
    }

    private void CountUnmerged()
    {
        CacheMetrics.Unmerged.Add(1);
        if (Interlocked.Exchange(ref _saidUnmerged, 1) == 0)
        {
            logger.StoreWithoutBase();
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
