using Microsoft.Data.Sqlite;
using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>
/// The single writer. Works that come while one is being written wait and then share one transaction, and so one
/// wait for the disk (group commit). Whoever finds nobody writing does so on its own thread; for those who wait, the
/// writer's thread goes on, group after group, so that writing needs no thread of the pool, which synchronous callers
/// may all block. Nobody is told of success before the shared COMMIT; a work that fails is undone alone.
/// </summary>
internal sealed class SqliteWriter
{
    private const int MaxGroup = 64;

    private readonly StoreConnection _connection;
    private readonly WriteTransaction _transaction;
    private readonly WriterThread _thread;
    private readonly Lock _lock = new();
    private readonly List<IWriteItem> _waiting = [];
    private bool _isLed;

    public SqliteWriter(StoreConnection connection, ReadGate gate)
    {
        _connection = connection;
        _transaction = new WriteTransaction((SqliteConnection)connection.Connection, gate);
        _thread = new WriterThread(LeadOn);
    }

    public async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var item = new WriteItem<TResult>(work, async);
        if (!Join(item) || !TryLead())
        {
            await WaitAsync(item, cancellationToken).ConfigureAwait(false);
        }

        return item.Result();
    }

    /// <returns>Whether there is no leader, so that the caller is it now.</returns>
    private bool Join(IWriteItem item)
    {
        lock (_lock)
        {
            _waiting.Add(item);
            var isFirst = !_isLed;
            _isLed = true;
            return isFirst;
        }
    }

    private async ValueTask WaitAsync<TResult>(WriteItem<TResult> item, CancellationToken cancellationToken)
    {
        try
        {
            await item.WaitAsync(cancellationToken).ConfigureAwait(false);
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

            // A group has taken it: its end is near.
            await item.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one group, the caller's own work among it, on the caller's thread.</summary>
    /// <returns>False if that would have to wait for another process, which is left to the writer's thread.</returns>
    private bool TryLead()
    {
        var hasLed = TryWrite(static transaction => transaction.TryBegin());
        if (!hasLed || IsWanted())
        {
            _thread.Wake();
        }

        return hasLed;
    }

    /// <summary>Writes group after group until nobody waits.</summary>
    private void LeadOn()
    {
        do
        {
            TryWrite(static transaction =>
            {
                transaction.Begin();
                return true;
            });
        }
        while (IsWanted());
    }

    /// <summary>Writes those who wait by the time the transaction has the write lock.</summary>
    private bool TryWrite(Func<WriteTransaction, bool> begin)
    {
        List<IWriteItem>? group = null;
        try
        {
            if (!begin(_transaction))
            {
                return false;
            }

            group = TakeGroup();
            RunGroup(group);
        }
        catch (Exception exception)
        {
            group ??= TakeGroup();
            group.ForEach(item => item.Fail(exception));
        }

        group.ForEach(static item => item.Finish());
        return true;
    }

    private List<IWriteItem> TakeGroup()
    {
        lock (_lock)
        {
            var group = _waiting.GetRange(0, Math.Min(MaxGroup, _waiting.Count));
            _waiting.RemoveRange(0, group.Count);
            return group;
        }
    }

    /// <returns>Whether the leader has to go on; if not, there is none any more.</returns>
    private bool IsWanted()
    {
        lock (_lock)
        {
            return _isLed = _waiting.Count > 0;
        }
    }

    /// <summary>
    /// Runs a group in the transaction just begun. A work that fails takes with it what the others did; they do it
    /// again, without that one. This is rare, and a savepoint would cost every store two statements.
    /// </summary>
    private void RunGroup(List<IWriteItem> group)
    {
        try
        {
            while (group.Find(Fails) is { } failed)
            {
                _transaction.RollBack();
                group = group.FindAll(item => item != failed);
                if (group.Count == 0)
                {
                    return;
                }

                _transaction.Begin();
            }

            _transaction.Commit();
        }
        catch (Exception exception)
        {
            _transaction.RollBack();
            RunAlone(group, exception);
        }
    }

    /// <summary>The shared transaction came to nothing: each gets one of its own, and its own error.</summary>
    private void RunAlone(List<IWriteItem> group, Exception exception)
    {
        if (group.Count == 1)
        {
            group[0].Fail(exception);
            return;
        }

        foreach (var item in group)
        {
            try
            {
                _transaction.Begin();
                RunGroup([item]);
            }
            catch (Exception own)
            {
                item.Fail(own);
            }
        }
    }

    /// <summary>Runs a work; once more, where another connection may have changed the table since this one last looked at it.</summary>
    private bool Fails(IWriteItem item)
    {
        item.Run(_connection);
        if (item.IsRefused)
        {
            _transaction.Execute("SELECT 1 FROM sqlite_master LIMIT 1");
            item.Run(_connection);
        }

        return item.HasFailed;
    }
}
