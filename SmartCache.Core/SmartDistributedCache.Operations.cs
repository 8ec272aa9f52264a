using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Diagnostics;
using SmartCache.Payloads;
using SmartCache.Rows;
using SmartCache.Sessions;

namespace SmartCache;

/// <content>What each operation does, and its duration if somebody listens.</content>
public sealed partial class SmartDistributedCache
{
    /// <summary>Background work that is later than this is behind.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>Looks at the table, and reads from it.</summary>
    /// <exception cref="Exception">The database cannot be reached, or the table is not one that the cache can use.</exception>
    internal ValueTask CheckTableAsync(CancellationToken token) => _store.CheckAsync(async: true, token);

    /// <summary>What the cache does in the background and is behind with, as sentences.</summary>
    internal IEnumerable<string> FindBehind()
    {
        if (_flusher.Lag is var flush && flush > Late)
            yield return $"Touches have not been written for {(long)flush.TotalSeconds} seconds.";

        if (_sweeper.Lag is { } sweep && sweep > (3 * Options.ExpiredRemovalInterval!.Value) + Late)
            yield return $"Expired rows have not been removed for {(long)sweep.TotalSeconds} seconds.";
    }

    private ValueTask<byte[]?> ReadAsync(CacheKey key, bool async, CancellationToken token) => _metrics.Begin("get") is { } measure
        ? MeasureAsync(measure, ReadAsync(key, measure, async, token))
        : ReadAsync(key, measure: null, async, token);

    private ValueTask WriteAsync(CacheKey key, byte[] value, DistributedCacheEntryOptions expiration, bool async, CancellationToken token) =>
        _metrics.Begin("set") is { } measure
            ? MeasureAsync(measure, WriteAsync(key, value, expiration, measure, async, token))
            : WriteAsync(key, value, expiration, measure: null, async, token);

    private ValueTask TouchAsync(CacheKey key, bool async, CancellationToken token) => _metrics.Begin("refresh") is { } measure
        ? MeasureAsync(measure, TouchUnmeasuredAsync(key, async, token))
        : TouchUnmeasuredAsync(key, async, token);

    private ValueTask DeleteAsync(CacheKey key, bool async, CancellationToken token) => _metrics.Begin("remove") is { } measure
        ? MeasureAsync(measure, DeleteUnmeasuredAsync(key, async, token))
        : DeleteUnmeasuredAsync(key, async, token);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<byte[]?> ReadAsync(CacheKey key, OperationMeasure? measure, bool async, CancellationToken token)
    {
        // Taken before and after: a touch may be written while the row is read, and wait no longer afterwards.
        var before = _touches.Unwritten(key);
        var row = await _store.ReadAsync(key, async, token).ConfigureAwait(false);
        row = row.With(before, _touches.Unwritten(key));
        var now = Now();
        if (row.Kind == RowKind.Damaged)
            _logger.RowDamaged(key.ToString());

        row.ThrowIfUnreadableAt(now);
        var isLive = row.Kind is not (RowKind.Damaged or RowKind.Ticket) && row.IsLiveAt(now);
        var request = SessionRequest.Current(_contexts, out var session);
        var isTaken = request?.Observe(this, key, session, row, isLive, _touches, now) == true;
        if (request is not null && Options.CommitBeforeResponse && key.LooksLikeSessionKey)
            ResponseCommit.Add(_contexts!.HttpContext, request, session);

        if (measure is not null)
            (measure.Name, measure.Outcome) = (request is not null && key.LooksLikeSessionKey ? "session.read" : measure.Name, isLive ? "hit" : "miss");

        if (!isLive)
            return null;

        // The snapshot keeps the bytes as the base of a later save. The caller may change its own copy.
        if (isTaken)
            return row.Session!.Bytes.ToArray();

        await _sessions.TouchAsync(key, now, now, row.Stored, async, token).ConfigureAwait(false);
        return row.Session?.Array ?? row.Value;
    }

    private async ValueTask WriteAsync(
        CacheKey key, byte[] value, DistributedCacheEntryOptions expiration, OperationMeasure? measure, bool async, CancellationToken token)
    {
        var now = Now();
        var lifetime = Lifetime.From(expiration, now, Options.DefaultSlidingExpiration);
        _ = SessionPayload.TryParse(value, out var payload);
        var request = SessionRequest.Current(_contexts, out var session);
        using var known = request is null ? null : await request.EnterAsync(this, key, async, token).ConfigureAwait(false);
        var isSaved = known is not null && payload is not null
            && await _sessions.TrySaveAsync(request!, known, session, payload, lifetime, now, async, token).ConfigureAwait(false);
        if (isSaved)
        {
            if (measure is not null)
                (measure.Name, measure.Outcome) = ("session.save", known!.Outcome);

            return;
        }

        await _sessions.OverwriteAsync(key, value, payload, lifetime, now, async, token).ConfigureAwait(false);
        known?.Forget();
    }

    private async ValueTask TouchUnmeasuredAsync(CacheKey key, bool async, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var now = Now();
        if (SessionRequest.Known(_contexts, out var session) is not { } request)
        {
            await _sessions.TouchAsync(key, now, now, row: null, async, token).ConfigureAwait(false);
            return;
        }

        using var known = await request.EnterAsync(this, key, async, token).ConfigureAwait(false);
        await _sessions.RefreshAsync(request, known, session, now, async, token).ConfigureAwait(false);
    }

    private async ValueTask DeleteUnmeasuredAsync(CacheKey key, bool async, CancellationToken token)
    {
        var request = SessionRequest.Known(_contexts, out _);
        using var known = request is null ? null : await request.EnterAsync(this, key, async, token).ConfigureAwait(false);
        await _store.RemoveAsync(key, async, token).ConfigureAwait(false);
        _touches.Removed(key);
        known?.RenewAll(static snapshot => snapshot.Removed());
    }

    private static async ValueTask MeasureAsync(OperationMeasure measure, ValueTask operation)
    {
        try
        {
            await operation.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            measure.End(exception);
            throw;
        }

        measure.End(failure: null);
    }

    private static async ValueTask<TResult> MeasureAsync<TResult>(OperationMeasure measure, ValueTask<TResult> operation)
    {
        TResult result;
        try
        {
            result = await operation.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            measure.End(exception);
            throw;
        }

        measure.End(failure: null);
        return result;
    }
}
