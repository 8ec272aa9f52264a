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
    private readonly SessionStorer _sessions = new(cache, options, store, touches, logger);
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

        await TouchAsync(key, now, now, row.Stored, async, cancellationToken).ConfigureAwait(false);
        return row.Session?.Array ?? stored!.Value;
    }

    public async ValueTask SetAsync(CacheKey key, byte[] value, DistributedCacheEntryOptions expiration, bool async, CancellationToken cancellationToken)
    {
        var now = Now();
        var lifetime = Lifetime.From(expiration, now, options.DefaultSlidingExpiration);
        var request = SessionRequest.Current(contexts, out var current);
        if (SessionPayload.TryParse(value, out var session) && request is not null)
        {
            var snapshot = request.Find(cache, key);
            if ((snapshot is not null || current is null) && request.TakeAbandon())
            {
                await AbandonAsync(key, request, async, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (snapshot is not null)
            {
                var isHeld = BeginCommit(request, snapshot, key, counts: !request.SkipRefresh, isForced: false);
                await _sessions.StoreAsync(request, snapshot, key, session, lifetime, now, async, cancellationToken).ConfigureAwait(false);
                EndCommit(request, snapshot, key, isHeld);
                return;
            }

            if (request is { SkipSave: true, ForceSave: false })
            {
                return;
            }

            CountUnmerged();
        }

        await OverwriteAsync(key, value, session, lifetime, now, async, cancellationToken).ConfigureAwait(false);
        request?.Forget(cache, key);
    }

    public async ValueTask RefreshAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = Now();
        if (SessionRequest.Known(contexts, out var session) is not { } request)
        {
            await TouchAsync(key, now, now, known: null, async, cancellationToken).ConfigureAwait(false);
            return;
        }

        var snapshot = request.Find(cache, key);
        var isCommit = IsCommit(key, snapshot, session);
        if (isCommit && request.TakeAbandon())
        {
            await AbandonAsync(key, request, async, cancellationToken).ConfigureAwait(false);
            return;
        }

        var counts = !(isCommit && request.SkipRefresh);
        var isForced = isCommit && request.ForceSave;
        var isHeld = BeginCommit(request, snapshot, key, counts, isForced);
        if (!counts || (isCommit && snapshot is { IsMiss: true, Theirs.Kind: RowKind.Absent } or { IsRemoved: true }))
        {
            return;
        }

        var access = snapshot?.Held?.Access ?? now;
        var known = snapshot is { IsMiss: false } ? snapshot.Theirs.Stored : (Lifetime?)null;
        if (isForced)
        {
            await store.TouchAsync(Touch.OfRequest(key, access, now, known), async, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await TouchAsync(key, access, now, known, async, cancellationToken).ConfigureAwait(false);
        }

        EndCommit(request, snapshot, key, isHeld);
    }

    public async ValueTask RemoveAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(key, async, cancellationToken).ConfigureAwait(false);
        touches.Removed(key);
        SessionRequest.Known(contexts, out _)?.Renew(
            cache,
            key,
            static snapshot => snapshot.IsMiss ? snapshot with { Theirs = RowView.Absent } : snapshot with { IsRemoved = true, Held = null });
    }

    /// <summary>
    /// Whether a refresh is the session's own. The middleware has taken its session object away when it commits at
    /// the request's end; an app may commit earlier, a session it has not even loaded.
    /// </summary>
    private static bool IsCommit(CacheKey key, SessionSnapshot? snapshot, object? session) =>
        (key.LooksLikeSessionKey || snapshot is { IsMiss: false })
        && (session is null || snapshot?.Owner is null || snapshot.Owner == session);

    /// <summary>
    /// The request comes to its end: its read counts as an access from now on, or never did. Where the end itself writes
    /// it, it is held until that has been done: a commit that failed may have another after it.
    /// </summary>
    /// <returns>Whether it is held still.</returns>
    private bool BeginCommit(SessionRequest request, SessionSnapshot? snapshot, CacheKey key, bool counts, bool isForced)
    {
        if (counts && (isForced || options.RefreshMode == RefreshMode.Immediate))
        {
            return true;
        }

        _sessions.ReleaseHold(request, snapshot, key, counts);
        return false;
    }

    private void EndCommit(SessionRequest request, SessionSnapshot? snapshot, CacheKey key, bool isHeld)
    {
        if (isHeld)
        {
            _sessions.ReleaseHold(request, snapshot, key, counts: false);
        }
    }

    private async ValueTask AbandonAsync(CacheKey key, SessionRequest request, bool async, CancellationToken cancellationToken)
    {
        try
        {
            await store.RemoveAsync(key, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Still to be done: a later commit of the request makes up for it.
            request.Abandon();
            throw;
        }

        touches.Removed(key);
        request.Renew(cache, key, static snapshot => snapshot with { IsRemoved = true, Held = null });
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
        var isHeldAlready = isSession && request.Find(cache, key)?.Held is not null;
        var held = isSession && !isHeldAlready && touches.Hold(key, now, row.Stored) is { } hold ? new HeldTouch(now, hold) : null;
        request.Observe(cache, key, session, row, isLive, held);
        return isSession;
    }

    private async ValueTask TouchAsync(CacheKey key, long first, long now, Lifetime? known, bool async, CancellationToken cancellationToken)
    {
        if (options.RefreshMode == RefreshMode.Deferred)
        {
            touches.Note(key, now, known);
        }
        else if (known is not { IsFixed: true })
        {
            await store.TouchAsync(Touch.OfRequest(key, first, now, known), async, cancellationToken).ConfigureAwait(false);
        }
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
