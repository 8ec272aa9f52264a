using SmartCache.Diagnostics;
using SmartCache.Payloads;
using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sweeping;

/// <summary>
/// Removes rows that expired more than the grace period ago, one slice of the evenly spread CRC after the other: this needs no
/// index on the expiry, which would make every touch more expensive. A row may look expired because its touches could not be
/// written, for example while the database was away: this node's due touches are therefore written first.
/// </summary>
internal sealed class Sweeper
{
    /// <summary>A background sweep pauses this many times as long as its statements take, so that it never crowds out requests.</summary>
    private const int Rest = 4;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(20);

    private readonly RowStore _store;
    private readonly TouchFlusher _flusher;
    private readonly SmartCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer? _timer;
    private readonly Backoff _backoff;
    private readonly SweepTurn _turn;
    private Task _pass = Task.CompletedTask;
    private long _width = SweepWalk.FirstWidth;
    private long _endedAt;

    /// <summary>How long ago the last sweep ended, or was found to be another node's; null if the cache sweeps only when it is asked to.</summary>
    public TimeSpan? Lag => _timer is null ? null : _time.GetElapsedTime(Interlocked.Read(ref _endedAt));

    public Sweeper(RowStore store, TouchFlusher flusher, SmartCacheOptions options, TimeProvider time, CacheMetrics metrics, ILogger logger)
    {
        (_store, _flusher, _options, _time, _metrics, _logger) = (store, flusher, options, time, metrics, logger);
        _endedAt = time.GetTimestamp();
        metrics.ObserveSweepLag(() => Lag);
        _turn = new SweepTurn(store, options, time);
        _backoff = new Backoff(options.ExpiredRemovalInterval ?? TimeSpan.MaxValue);
        if (options.ExpiredRemovalInterval is { } interval)
        {
            // Nodes that start together should not sweep together.
            var first = interval * (0.5 + (Random.Shared.NextDouble() / 2));
            _timer = time.CreateTimer(static sweeper => ((Sweeper)sweeper!).BeginPass(), this, first, interval);
        }
    }

    /// <summary>Removes every row that expired more than the grace period ago.</summary>
    /// <param name="inTurn">Whether to pause between statements, and to end if another node has taken the turn.</param>
    /// <param name="token">Ends the sweep between two statements.</param>
    /// <returns>How many rows were removed.</returns>
    public async ValueTask<long> SweepAsync(bool inTurn, bool async, CancellationToken token)
    {
        await _flusher.FlushAsync(FlushScope.Due, async, token).ConfigureAwait(false);
        var before = (_time.GetUtcNow() - _options.ExpiredRemovalGracePeriod).ToUnixTimeMilliseconds();
        var walk = new SweepWalk(Interlocked.Read(ref _width), _options.ExpiredRemovalBatchSize);
        var total = 0L;
        while (!walk.IsDone)
        {
            var begun = _time.GetTimestamp();
            var removed = await _store.RemoveExpiredAsync((uint)walk.From, (uint)walk.To, before, async, token).ConfigureAwait(false);
            var took = _time.GetElapsedTime(begun);
            walk.Next(removed, took);
            total += removed;
            _metrics.RowsSwept(removed);
            if (inTurn)
            {
                await Task.Delay(took * Rest > ShortestRest ? took * Rest : ShortestRest, _time, token).ConfigureAwait(false);
                if (!await _turn.TryKeepAsync(token).ConfigureAwait(false))
                    return total;
            }
        }

        // The next sweep will find the table much the same.
        Interlocked.Exchange(ref _width, walk.Width);
        Interlocked.Exchange(ref _endedAt, _time.GetTimestamp());
        return total;
    }

    /// <summary>Begins no more sweeps and ends one under way; an asynchronous caller waits for that.</summary>
    public async ValueTask DisposeAsync(bool async)
    {
        _timer?.Dispose();
        if (async)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _pass.ConfigureAwait(false);
        }
        else
        {
            _stopping.Cancel();
        }
    }

    private void BeginPass()
    {
        if (_pass.IsCompleted && !_backoff.IsWaiting(_time))
            _pass = SweepInBackgroundAsync();
    }

    private async Task SweepInBackgroundAsync()
    {
        try
        {
            if (await _turn.TryTakeAsync(_stopping.Token).ConfigureAwait(false))
            {
                var removed = await SweepAsync(inTurn: true, async: true, _stopping.Token).ConfigureAwait(false);
                await _turn.EndAsync(_stopping.Token).ConfigureAwait(false);
                _logger.SweepDone(removed);
            }
            else
            {
                Interlocked.Exchange(ref _endedAt, _time.GetTimestamp());
                _logger.SweepLeft();
            }

            _backoff.Reset();
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The cache is being disposed. The next sweep, here or on another node, continues.
        }
        catch (Exception exception)
        {
            _logger.SweepFailed(exception, _backoff.Next(_time));
        }
    }
}

/// <summary>
/// Walks once over all CRCs, slice by slice. A slice grows while statements are quick and find little to remove, so that a small
/// table takes few statements. It shrinks if one takes long or removes a whole batch, so that none holds up the database.
/// </summary>
internal sealed class SweepWalk(long width, int batchSize)
{
    /// <summary>A small part, for a table of unknown size.</summary>
    public const long FirstWidth = All / 64;

    /// <summary>So that a sweep ends even if every statement takes long.</summary>
    private const long Narrowest = All / 16_384;

    private const long All = 1L << 32;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(80);

    /// <summary>How many CRCs the next slice has.</summary>
    public long Width { get; private set; } = width;
    public bool IsDone => From >= All;
    public long From { get; private set; }
    public long To => Math.Min(From + Width, All) - 1;

    /// <summary>Goes on after a statement about the slice from <see cref="From"/> to <see cref="To"/>.</summary>
    public void Next(int removed, TimeSpan took)
    {
        var isFull = removed >= batchSize;
        if (!isFull)
            From = To + 1;

        if (isFull || took > Slow)
            Width = Math.Max(Width / 2, Narrowest);
        else if (took < Quick && removed <= batchSize / 2)
            Width = Math.Min(Width * 2, All);
    }
}

/// <summary>
/// Has one node sweep at a time: a row of the table says until when the others leave expired rows alone. This saves work and
/// nothing else. Every DELETE checks the expiry itself, so two nodes that sweep at the same time do no harm.
/// </summary>
internal sealed class SweepTurn(RowStore store, SmartCacheOptions options, TimeProvider time)
{
    /// <summary>How long the others wait for a node that has died during a sweep.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>The row's version by which a node recognises its own turn.</summary>
    private readonly long _node = RowWrite.NewVersion();

    private long _begun;
    private long _until;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
    private double Interval => options.ExpiredRemovalInterval!.Value.TotalMilliseconds;

    /// <summary>Takes the turn; false if another node has it, or had it not long ago.</summary>
    public ValueTask<bool> TryTakeAsync(CancellationToken token)
    {
        _begun = Now;
        return TryHoldAsync(_begun + (long)Length.TotalMilliseconds, token);
    }

    /// <summary>Keeps the turn while the sweep goes on; false if it took so long that another node has begun a sweep.</summary>
    public ValueTask<bool> TryKeepAsync(CancellationToken token)
    {
        var now = Now;
        return _until - now > Length.TotalMilliseconds / 2
            ? ValueTask.FromResult(true)
            : TryHoldAsync(now + (long)Length.TotalMilliseconds, token);
    }

    /// <summary>The sweep is done, and no node begins another for most of an interval. A whole interval would make this node's own next one too early.</summary>
    public async ValueTask EndAsync(CancellationToken token) =>
        await TryHoldAsync(_begun + (long)(Interval * 3 / 4), token).ConfigureAwait(false);

    private async ValueTask<bool> TryHoldAsync(long until, CancellationToken token)
    {
        _until = until;
        var isOurs = false;
        var result = await store.DecideAndWriteAsync(CacheKey.OfSweepTurn, Decide, Now, isProtected: false, async: true, token).ConfigureAwait(false);
        return isOurs && result == WriteResult.Written;

        RowWrite? Decide(Row row)
        {
            var isAbsent = row.Kind == RowKind.Absent;
            isOurs = isAbsent || row.Version == _node || !IsTaken(row.Stored.ExpiresAt);
            return !isOurs ? null : new RowWrite
            {
                Over = row.Version,
                Inserts = isAbsent,
                IsNewLife = true,
                Value = [],
                Format = RowFormat.Opaque,
                Version = _node,
                Lifetime = new Lifetime(until, SlidingMs: null, AbsoluteAt: null),
            };
        }
    }

    /// <summary>A node whose clock is right takes no longer turn: a row that says so comes from a node with another clock or interval.</summary>
    private bool IsTaken(long until)
    {
        var now = Now;
        return until > now && until <= now + Interval + options.ExpiredRemovalGracePeriod.TotalMilliseconds;
    }
}
