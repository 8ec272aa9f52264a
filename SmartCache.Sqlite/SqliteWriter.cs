using Microsoft.Data.Sqlite;
using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>
/// The single writer. Works that come while one is being written wait and then share one transaction, and so one
/// wait for the disk (group commit). A group is led by one of the callers that wait in it, so that writing goes on
/// even when every thread of the pool is blocked by a synchronous caller. Nobody is told of success before the
/// shared COMMIT; a work that fails is undone alone.
/// </summary>
internal sealed class SqliteWriter(StoreConnection connection)
{
    private const int MaxGroup = 64;

    private readonly WriteTransaction _transaction = new((SqliteConnection)connection.Connection);
    private readonly Lock _lock = new();
    private readonly LinkedList<IWriteItem> _waiting = new();
    private bool _isLed;

    public async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var item = new WriteItem<TResult>(work, async);
        if (Join(item) || await WaitAsync(item, cancellationToken).ConfigureAwait(false))
        {
            if (async && MustWait())
            {
                await OnThreadOfItsOwn(() => Lead(item, cancellationToken)).ConfigureAwait(false);
            }
            else
            {
                Lead(item, cancellationToken);
            }
        }

        return item.Result();
    }

    /// <returns>Whether there is no leader, so that the caller is it now.</returns>
    private bool Join(IWriteItem item)
    {
        lock (_lock)
        {
            if (!_isLed)
            {
                return _isLed = true;
            }

            _waiting.AddLast(item);
            return false;
        }
    }

    /// <returns>Whether the caller is to lead; otherwise its work is done.</returns>
    private async ValueTask<bool> WaitAsync<TResult>(WriteItem<TResult> item, CancellationToken cancellationToken)
    {
        try
        {
            return await item.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (_waiting.Remove(item))
                {
                    throw;
                }
            }

            // A group has taken it, or it has just been told to lead: its end is near.
            return await item.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one group, the caller's own work and those that wait by the time it has the lock, and hands over.</summary>
    private void Lead<TResult>(WriteItem<TResult> own, CancellationToken cancellationToken)
    {
        List<IWriteItem> group = [own];
        try
        {
            _transaction.Begin(cancellationToken);
            group = TakeGroup(own);
            RunGroup(group);
        }
        catch (OperationCanceledException exception)
        {
            // Those that wait lose their leader, no more.
            own.Fail(exception);
        }
        catch (Exception exception)
        {
            group = group.Count > 1 ? group : TakeGroup(own);
            group.ForEach(item => item.Fail(exception));
        }

        foreach (var item in group.Skip(1))
        {
            item.Finish();
        }

        HandOver();
    }

    private List<IWriteItem> TakeGroup(IWriteItem own)
    {
        var group = new List<IWriteItem> { own };
        lock (_lock)
        {
            while (group.Count < MaxGroup && _waiting.First is { } first)
            {
                group.Add(first.Value);
                _waiting.RemoveFirst();
            }
        }

        return group;
    }

    /// <summary>A waiting thread leads best; a waiting task would first need a thread.</summary>
    private void HandOver()
    {
        IWriteItem? next;
        lock (_lock)
        {
            next = _waiting.FirstOrDefault(item => item.IsSynchronous) ?? _waiting.First?.Value;
            _isLed = next is not null && _waiting.Remove(next);
        }

        next?.Lead();
    }

    /// <summary>Runs a group in the transaction just begun.</summary>
    private void RunGroup(List<IWriteItem> group)
    {
        if (TryFinish(group) is not { } exception)
        {
            return;
        }

        if (group.Count == 1)
        {
            group[0].Fail(exception);
            return;
        }

        // The shared transaction came to nothing: each gets one of its own, and its own error.
        foreach (var item in group)
        {
            _transaction.Begin(CancellationToken.None);
            RunGroup([item]);
        }
    }

    /// <returns>Why the transaction as a whole came to nothing; null if it did not.</returns>
    private Exception? TryFinish(List<IWriteItem> items)
    {
        try
        {
            if (items.Count > 1)
            {
                items.ForEach(RunInSavepoint);
            }
            else
            {
                Run(items[0]);
            }

            if (items is [{ HasFailed: true }])
            {
                _transaction.RollBack();
            }
            else
            {
                _transaction.Commit();
            }

            return null;
        }
        catch (Exception exception)
        {
            _transaction.RollBack();
            return exception;
        }
    }

    /// <summary>Once more, where another connection may have changed the table since this one last looked at it.</summary>
    private void Run(IWriteItem item)
    {
        item.Run(connection);
        if (item.IsRefused)
        {
            _transaction.Execute("SELECT 1 FROM sqlite_master LIMIT 1");
            item.Run(connection);
        }
    }

    private void RunInSavepoint(IWriteItem item)
    {
        _transaction.Execute("SAVEPOINT work");
        Run(item);
        if (item.HasFailed)
        {
            _transaction.Execute("ROLLBACK TO work");
        }

        _transaction.Execute("RELEASE work");
    }

    private bool MustWait()
    {
        try
        {
            return !_transaction.TryBegin();
        }
        catch (SqliteException)
        {
            // Leading meets the same error, and tells all who wait.
            return false;
        }
    }

    /// <summary>
    /// A task that has to wait for another process does so on a new thread: the pool's may all be blocked by callers
    /// that wait for this very leader.
    /// </summary>
    private static Task OnThreadOfItsOwn(Action lead)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                lead();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        { IsBackground = true, Name = "SmartCache.Sqlite writer" };
        thread.Start();
        return done.Task;
    }
}
