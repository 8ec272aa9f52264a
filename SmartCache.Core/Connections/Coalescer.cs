using System.Runtime.CompilerServices;

namespace SmartCache.Connections;

/// <summary>An operation on a row that can share a statement with others of its kind.</summary>
internal abstract class Shareable<TResult>
{
    /// <summary>Completes when a shared statement has carried it out, or failed. Null if it does not wait for one.</summary>
    public TaskCompletionSource? Ended { get; private set; }

    /// <summary>When it began to wait.</summary>
    public long Since { get; private set; }

    /// <summary>What the shared statement returned for it; not set if it must go on alone.</summary>
    public (bool IsSet, TResult? Value) Result { get; private set; }

    /// <param name="mayHaveRun">Whether a shared statement may have carried it out before, without an answer.</param>
    public abstract ValueTask<TResult> RunAloneAsync(bool mayHaveRun, CancellationToken token);

    public void Wait(long since) =>
        (Ended, Since) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), since);

    public void SetResult(TResult result) => Result = (true, result);
}

/// <summary>
/// Lets operations that wait at the same time share a statement. A few run at once, each alone; the next ones wait. When one of those
/// ends, the statement that is sent then carries out all that wait. While shared statements run, single ones would only compete with
/// them: a further statement is sent when a few operations wait for it. No operation joins a statement that has been sent.
/// </summary>
internal sealed class Coalescer<TOperation, TResult>
    where TOperation : Shareable<TResult>
{
    /// <summary>How many share a statement at most.</summary>
    private const int MaxBatch = 64;

    /// <summary>How many it takes to send a statement while a shared one runs.</summary>
    private const int MinBatch = 4;

    /// <summary>If the first in line has waited so long, the statements ahead may hang on connections of their own: one more is sent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<TOperation> _waiting = [];
    private readonly int _limit;
    private readonly Func<List<TOperation>, ValueTask> _runTogether;
    private readonly TimeProvider _time;
    private readonly ITimer _watch;
    private int _running;
    private int _shared;
    private int _inFlight;
    private int _enough = MinBatch;
    private bool _isWatched;

    /// <param name="limit">How many statements run at the same time.</param>
    /// <param name="runTogether">Carries out several operations and sets their results. Those that get none go on alone.</param>
    public Coalescer(int limit, Func<List<TOperation>, ValueTask> runTogether, TimeProvider time)
    {
        (_limit, _runTogether, _time) = (limit, runTogether, time);
        _watch = time.CreateTimer(static self => ((Coalescer<TOperation, TResult>)self!).Watch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="token">Ends the caller's own wait. A statement that it shares goes on for the others.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync(TOperation operation, CancellationToken token)
    {
        if (!MustWait(operation))
        {
            try
            {
                return await operation.RunAloneAsync(mayHaveRun: false, token).ConfigureAwait(false);
            }
            finally
            {
                if (BeginsShared())
                    QueueNext();
            }
        }

        try
        {
            await operation.Ended!.Task.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
                _waiting.Remove(operation);

            throw;
        }

        return operation.Result is (true, var result) ? result! : await operation.RunAloneAsync(mayHaveRun: true, token).ConfigureAwait(false);
    }

    private bool MustWait(TOperation operation)
    {
        lock (_lock)
        {
            if (_running < _limit && _shared == 0)
            {
                _running++;
                return false;
            }

            operation.Wait(_time.GetTimestamp());
            _waiting.Add(operation);
            if (!_isWatched)
                _isWatched = _watch.Change(Patience, Timeout.InfiniteTimeSpan);

            if (_running >= _limit || _waiting.Count < _enough)
                return true;

            (_running, _shared) = (_running + 1, _shared + 1);
        }

        QueueNext(isUrgent: true);
        return true;
    }

    /// <returns>Whether a shared statement follows the one that has ended.</returns>
    private bool BeginsShared()
    {
        lock (_lock)
        {
            var begins = _waiting.Count > 0;
            (_running, _shared) = begins ? (_running, _shared + 1) : (_running - 1, _shared);
            return begins;
        }
    }

    /// <summary>
    /// Sends the next statement from the thread pool, where it belongs to no caller. What is queued there before it, such as the callers
    /// that the last statement has answered, comes first: they may have more for it.
    /// </summary>
    private void QueueNext(bool isUrgent = false) => ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunNextAsync(), this, preferLocal: isUrgent);

    /// <param name="isDue">Whether even a few have waited long enough.</param>
    private async Task RunNextAsync(bool isDue = false)
    {
        List<TOperation> batch;
        lock (_lock)
        {
            if (_waiting.Count == 0 || (!isDue && _waiting.Count < _enough && _shared > 1))
            {
                (_running, _shared) = (_running - 1, _shared - 1);
                return;
            }

            batch = _waiting.GetRange(0, Math.Min(MaxBatch, _waiting.Count));
            _waiting.RemoveRange(0, batch.Count);
            _inFlight += batch.Count;
            _enough = Math.Max(MinBatch, (_inFlight + _waiting.Count) / _limit);
        }

        try
        {
            await _runTogether(batch).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Each goes on alone, and meets the fault if that is still there.
        }

        Interlocked.Add(ref _inFlight, -batch.Count);
        foreach (var operation in batch)
            operation.Ended!.TrySetResult();

        QueueNext();
    }

    private void Watch()
    {
        lock (_lock)
        {
            _isWatched = _waiting.Count > 0 && _watch.Change(Patience, Timeout.InfiniteTimeSpan);
            if (!_isWatched || _time.GetElapsedTime(_waiting[0].Since) < Patience)
                return;

            (_running, _shared) = (_running + 1, _shared + 1);
        }

        _ = RunNextAsync(isDue: true);
    }
}
