using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Touches;

namespace SmartCache.Sweeping;

/// <summary>
/// Removes rows that expired more than the grace period ago, one slice of the evenly spread CRC after the other: this needs no
/// index on the expiry, which would make every touch more expensive. A row may look expired because its touches could not be
/// written, for example while the database was away: the touches that this node knows are therefore written first.
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
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer? _timer;
    private readonly Backoff _backoff;
    private readonly SweepTurn _turn;
    private Task _pass = Task.CompletedTask;
    private long _width = SweepWalk.FirstWidth;

    public Sweeper(RowStore store, TouchFlusher flusher, SmartCacheOptions options, TimeProvider time, ILogger logger)
    {
        (_store, _flusher, _options, _time, _logger) = (store, flusher, options, time, logger);
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
    /// <param name="async">Whether to await the driver.</param>
    /// <param name="cancellationToken">Ends the sweep between two statements.</param>
    /// <returns>How many rows were removed.</returns>
    public async ValueTask<long> SweepAsync(bool inTurn, bool async, CancellationToken cancellationToken)
    {
        await _flusher.FlushAsync(FlushScope.Due, async, cancellationToken).ConfigureAwait(false);
        var before = (_time.GetUtcNow() - _options.ExpiredRemovalGracePeriod).ToUnixTimeMilliseconds();
        var walk = new SweepWalk(Interlocked.Read(ref _width), _options.ExpiredRemovalBatchSize);
        var total = 0L;
        while (!walk.IsDone)
        {
            var begun = _time.GetTimestamp();
            var removed = await _store.RemoveExpiredAsync((uint)walk.From, (uint)walk.To, before, async, cancellationToken).ConfigureAwait(false);
            var took = _time.GetElapsedTime(begun);
            walk.Next(removed, took);
            total += removed;
            if (inTurn)
            {
                await Task.Delay(took * Rest > ShortestRest ? took * Rest : ShortestRest, _time, cancellationToken).ConfigureAwait(false);
                if (!await _turn.TryKeepAsync(cancellationToken).ConfigureAwait(false))
                {
                    return total;
                }
            }
        }

        // The next sweep will find the table much the same.
        Interlocked.Exchange(ref _width, walk.Width);
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
        {
            _pass = SweepInBackgroundAsync();
        }
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
