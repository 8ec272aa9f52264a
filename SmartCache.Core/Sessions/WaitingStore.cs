using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>A store that waits for its turn and then for the write that it shares.</summary>
internal sealed class WaitingStore(SessionCommit commit)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionBatch? _batch;
    private bool _hasLeft;

    public SessionCommit Commit => commit;

    /// <summary>Why it could not be decided as things stand.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Waits for the write; fails as the store does.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _done.Task.WaitAsync(cancellationToken);

    /// <summary>Waits for the write, but not for long.</summary>
    /// <returns>Whether it has come to an end, good or bad.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _done.Task.WaitAsync(patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _done.Task.IsCompleted;
    }

    /// <summary>False if the caller has gone.</summary>
    public bool TryJoin(SessionBatch batch)
    {
        lock (_lock)
        {
            if (_hasLeft)
            {
                return false;
            }

            _batch = batch;
            return true;
        }
    }

    /// <summary>
    /// Decides for the store, as <see cref="SessionCommit"/> does; not any more when the caller has gone, who then may store
    /// the same again by itself.
    /// </summary>
    /// <returns>What it decided; null if the caller has gone.</returns>
    public MergeStep? TryDecideOn(RowView theirs, long stamp, long over)
    {
        lock (_lock)
        {
            return _hasLeft ? null : commit.DecideOn(theirs, stamp, over);
        }
    }

    /// <summary>The caller goes. What it knows of the store stays as it is from now on.</summary>
    public void Leave()
    {
        SessionBatch? batch;
        lock (_lock)
        {
            (batch, _hasLeft) = (_batch, true);
        }

        batch?.Leave();
    }

    /// <summary>What was decided has taken effect and left the row like this.</summary>
    public void Complete(RowView row)
    {
        if (Failure is not null)
        {
            Fail(Failure);
            return;
        }

        commit.Landed(row);
        _done.TrySetResult();
    }

    public void Fail(Exception exception)
    {
        _done.TrySetException(exception);

        // A caller that has gone was told that its store was cancelled: the failure is not one that nobody looked at.
        _ = _done.Task.Exception;
    }
}
