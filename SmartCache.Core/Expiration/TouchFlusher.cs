using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Storage;

namespace SmartCache.Expiration;

/// <summary>Writes the queue's touches in the background, a chunk per statement or transaction, one flush at a time.</summary>
internal sealed class TouchFlusher : IAsyncDisposable, IDisposable
{
    private const int ChunkSize = 500;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(TouchRhythm.FlushPeriodMs);

    private readonly TouchQueue _queue;
    private readonly RowStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _flushing = new(1);
    private readonly ITimer _timer;
    private readonly Backoff _backoff = new(Period);
    private bool _isDue;
    private bool _isDisposed;

    public TouchFlusher(TouchQueue queue, RowStore store, TimeProvider time, ILogger logger)
    {
        (_queue, _store, _time, _logger) = (queue, store, time, logger);
        _timer = time.CreateTimer(static flusher => _ = ((TouchFlusher)flusher!).FlushDueAsync(), this, Period, Period);
        queue.Urgent += () => _timer.Change(TimeSpan.Zero, Period);
    }

    /// <summary>Writes what has been noted so far, after any flush that is under way.</summary>
    /// <exception cref="Exception">What the database answered; the touches wait on.</exception>
    public async ValueTask FlushAsync(FlushScope scope, bool async, CancellationToken cancellationToken)
    {
        if (async)
        {
            await _flushing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _flushing.Wait(cancellationToken);
        }

        try
        {
            while (await WriteAsync(scope, async, cancellationToken).ConfigureAwait(false) > 0)
            {
                // What was noted, or had to be kept apart, meanwhile.
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    public void Dispose() => DisposeAsync(async: false).TakeResult();

    public ValueTask DisposeAsync() => DisposeAsync(async: true);

    private async ValueTask DisposeAsync(bool async)
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (async)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _timer.Dispose();
        }

        try
        {
            await FlushAsync(FlushScope.Last, async, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The app is going down; a database that is gone must not keep it from that.
            _logger.LastFlushFailed(exception, SmartCacheOptions.LongestFlushDelay);
        }
    }

    private async Task FlushDueAsync()
    {
        // A flush that still runs may have passed over what has become due meanwhile: it begins again when it is done.
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

    /// <returns>How many touches were written.</returns>
    private async ValueTask<int> WriteAsync(FlushScope scope, bool async, CancellationToken cancellationToken)
    {
        var touches = _queue.Take(Now(), scope);
        var written = 0;
        for (var done = 0; done < touches.Count; done += ChunkSize)
        {
            var chunk = touches.GetRange(done, Math.Min(ChunkSize, touches.Count - done));
            IReadOnlyList<Touch> locked;
            try
            {
                locked = await _store.TouchAsync(chunk, async, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                _queue.Return(touches.Skip(done), areWritten: false, Now());
                throw;
            }

            written += chunk.Count - locked.Count;
            _queue.Return(chunk.Except(locked), areWritten: true, Now());
            _queue.Return(locked, areWritten: false, Now() + TouchRhythm.FlushPeriodMs);
        }

        return written;
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
