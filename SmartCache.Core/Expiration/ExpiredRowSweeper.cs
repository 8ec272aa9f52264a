using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Storage;

namespace SmartCache.Expiration;

/// <summary>
/// Removes rows that expired more than the grace period ago, slice by slice of the evenly spread crc: no index on
/// the expiry is needed, which would make every touch dearer. A row only looks expired whose accesses could not be
/// written for so long, be it that the database was away: those that this node knows of are written first.
/// </summary>
internal sealed class ExpiredRowSweeper : IAsyncDisposable, IDisposable
{
    private const int Slices = 64;
    private const long SliceWidth = (1L << 32) / Slices;

    /// <summary>Between two statements of a background pass, so that it never crowds out requests.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly RowStore _store;
    private readonly TouchFlusher _flusher;
    private readonly SmartCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer? _timer;
    private readonly Backoff _backoff;
    private Task _pass = Task.CompletedTask;

    public ExpiredRowSweeper(RowStore store, TouchFlusher flusher, SmartCacheOptions options, TimeProvider time, ILogger logger)
    {
        (_store, _flusher, _options, _time, _logger) = (store, flusher, options, time, logger);
        _backoff = new Backoff(options.ExpiredRemovalInterval ?? TimeSpan.MaxValue);
        if (options.ExpiredRemovalInterval is { } interval)
        {
            // Nodes that start together should not sweep together.
            var first = interval * (0.5 + (Random.Shared.NextDouble() / 2));
            _timer = time.CreateTimer(static sweeper => ((ExpiredRowSweeper)sweeper!).BeginPass(), this, first, interval);
        }
    }

    /// <summary>Removes every row that expired more than the grace period ago.</summary>
    /// <returns>How many rows were removed.</returns>
    public async ValueTask<long> SweepAsync(TimeSpan pause, bool async, CancellationToken cancellationToken)
    {
        await _flusher.FlushAsync(FlushScope.Due, async, cancellationToken).ConfigureAwait(false);
        var before = (_time.GetUtcNow() - _options.ExpiredRemovalGracePeriod).ToUnixTimeMilliseconds();
        var total = 0L;
        for (var slice = 0; slice < Slices; slice++)
        {
            var from = slice * SliceWidth;
            int removed;
            do
            {
                removed = await _store.RemoveExpiredAsync(
                    (uint)from, (uint)(from + SliceWidth - 1), before, async, cancellationToken).ConfigureAwait(false);
                total += removed;
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
                }
            }
            while (removed >= _options.ExpiredRemovalBatchSize);
        }

        return total;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _pass.ConfigureAwait(false);
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
            var removed = await SweepAsync(Pause, async: true, _stopping.Token).ConfigureAwait(false);
            _logger.SweepDone(removed);
            _backoff.Reset();
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The cache is being disposed; the next pass, here or on another node, goes on.
        }
        catch (Exception exception)
        {
            _logger.SweepFailed(exception, _backoff.Next(_time));
        }
    }
}
