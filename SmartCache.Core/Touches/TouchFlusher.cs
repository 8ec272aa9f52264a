using SmartCache.Diagnostics;
using SmartCache.Rows;

namespace SmartCache.Touches;

/// <summary>What a flush writes.</summary>
internal enum FlushScope
{
    /// <summary>Rows whose interval is over, and unknown rows.</summary>
    Due,

    /// <summary>Everything that waits.</summary>
    Waiting,

    /// <summary>Everything that waits or is held by running requests: there is no later flush.</summary>
    Last,
}

/// <summary>Writes the queue's touches in the background, a chunk per statement or transaction, one flush at a time.</summary>
internal sealed class TouchFlusher
{
    private const int ChunkSize = 500;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(Touch.FlushPeriodMs);

    private readonly TouchQueue _queue;
    private readonly RowStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _flushing = new(1);
    private readonly CancellationTokenSource _givenUp = new();
    private readonly ITimer _timer;
    private readonly Backoff _backoff = new(Period);
    private bool _isDue;
    private int _isEnded;
    private long _begunAt;

    /// <summary>How long ago the first flush began since the last one that succeeded; zero if there is none.</summary>
    public TimeSpan Lag => Interlocked.Read(ref _begunAt) is not 0 and var since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    public TouchFlusher(TouchQueue queue, RowStore store, TimeProvider time, CacheMetrics metrics, ILogger logger)
    {
        (_queue, _store, _time, _logger) = (queue, store, time, logger);
        _timer = time.CreateTimer(static flusher => _ = ((TouchFlusher)flusher!).FlushDueAsync(), this, Period, Period);
        metrics.ObserveWaitingTouches(() => queue.Waiting);
        metrics.ObserveFlushLag(() => Lag);
        queue.Urgent += () => _timer.Change(TimeSpan.Zero, Period);
    }

    /// <summary>Writes what was added until now, after any flush under way. What is added meanwhile goes with the next flush.</summary>
    /// <exception cref="Exception">What the database answered; the touches keep waiting.</exception>
    public async ValueTask FlushAsync(FlushScope scope, bool async, CancellationToken token)
    {
        if (async)
            await _flushing.WaitAsync(token).ConfigureAwait(false);
        else
            _flushing.Wait(token);

        try
        {
            // Counted once: under steady traffic there would be something new each time.
            for (var passes = _queue.Passes; passes > 0; passes--)
                await WriteAsync(scope, async, token).ConfigureAwait(false);
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>Stops the timer and writes everything that waits. What cannot be written is logged: nothing keeps the app from shutting down.</summary>
    public async ValueTask DisposeAsync(bool async)
    {
        if (async)
            await _timer.DisposeAsync().ConfigureAwait(false);
        else
            _timer.Dispose();

        try
        {
            await FlushAsync(FlushScope.Last, async, _givenUp.Token).ConfigureAwait(false);
            Interlocked.Exchange(ref _isEnded, 1);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Waits no longer for <see cref="DisposeAsync"/>.</summary>
    public void GiveUp()
    {
        Fail(new TimeoutException("The last flush did not end in time."));

        // Asynchronously: a driver may contact the server in order to cancel.
        _ = _givenUp.CancelAsync();
    }

    private void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref _isEnded, 1) == 0)
            _logger.LastFlushFailed(exception, SmartCacheOptions.LongestFlushDelay);
    }

    private async Task FlushDueAsync()
    {
        // A flush under way may have passed over what has become due meanwhile: it begins again when it is done.
        Volatile.Write(ref _isDue, true);
        while (Volatile.Read(ref _isDue) && !_backoff.IsWaiting(_time) && await _flushing.WaitAsync(TimeSpan.Zero).ConfigureAwait(false))
        {
            try
            {
                Volatile.Write(ref _isDue, false);
                await WriteAsync(_queue.IsFull ? FlushScope.Waiting : FlushScope.Due, async: true, CancellationToken.None).ConfigureAwait(false);
                _backoff.Reset();
            }
            catch (Exception exception)
            {
                _logger.FlushFailed(exception, _backoff.Next(_time));
            }
            finally
            {
                _flushing.Release();
            }
        }
    }

    private async ValueTask WriteAsync(FlushScope scope, bool async, CancellationToken token)
    {
        Interlocked.CompareExchange(ref _begunAt, _time.GetTimestamp(), 0);
        var touches = _queue.Take(Now(), scope);
        for (var done = 0; done < touches.Count; done += ChunkSize)
        {
            var chunk = touches.GetRange(done, Math.Min(ChunkSize, touches.Count - done));
            TouchOutcome outcome;
            try
            {
                outcome = await _store.TouchAsync(chunk, async, token).ConfigureAwait(false);
            }
            catch
            {
                _queue.Return(touches.Skip(done), areWritten: false, Now());
                throw;
            }

            _queue.Learn(outcome.Learned);
            _queue.Return(chunk.Where(touch => !outcome.Locked.Contains(touch)), areWritten: true, Now());
            _queue.Return(outcome.Locked, areWritten: false, Now() + Touch.FlushPeriodMs);
        }

        Interlocked.Exchange(ref _begunAt, 0);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
