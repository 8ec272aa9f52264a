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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    private readonly SmartSqliteCacheOptions _options;
    private readonly SqliteFile _file;
    private readonly WriterThread _thread;
    private readonly Lock _lock = new();
    private readonly Lock _opening = new();
    private readonly List<IWriteItem> _waiting = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SqliteDatabase? _database;
    private bool _hasBeenOpen;
    private volatile bool _isClosing;
    private bool _isLed;

    public SqliteWriter(SmartSqliteCacheOptions options)
    {
        _options = options;
        _file = new SqliteFile(options);
        _thread = new WriterThread(LeadOn);
    }

    /// <summary>Those who read beside the writer; null if there are none, or no longer.</summary>
    public SqliteReaders? Readers => _isClosing ? null : (_database ?? OpenFirst())?.Readers;

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

    /// <summary>Refuses what comes from now on, and closes the database when what runs has ended.</summary>
    /// <returns>Done when it is closed.</returns>
    public Task CloseAsync()
    {
        bool isIdle;
        lock (_lock)
        {
            isIdle = !_isLed && !_isClosing;
            _isClosing = true;
        }

        if (isIdle)
        {
            End();
        }

        return _closed.Task;
    }

    /// <returns>Whether there is no leader, so that the caller is it now.</returns>
    private bool Join(IWriteItem item)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosing, typeof(SmartDistributedCache));
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
    /// <returns>False if that would have to wait for another process or open another file, which is left to the writer's thread.</returns>
    private bool TryLead()
    {
        var hasLed = TryWrite(mayWait: false);
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
            TryWrite(mayWait: true);
        }
        while (IsWanted());
    }

    /// <summary>Writes those who wait by the time the transaction has the write lock.</summary>
    private bool TryWrite(bool mayWait)
    {
        List<IWriteItem>? group = null;
        try
        {
            if (TryBegin(mayWait) is not { } database)
            {
                return false;
            }

            group = TakeGroup();
            database.Run(group);
        }
        catch (Exception exception)
        {
            group ??= TakeGroup();
            group.ForEach(item => item.Fail(exception));
        }

        group.ForEach(static item => item.Finish());
        return true;
    }

    /// <summary>Begins on the file that bears the name now: one that was deleted or replaced is left before anything goes to it.</summary>
    private SqliteDatabase? TryBegin(bool mayWait)
    {
        var database = _database ?? Open();

        // Again afterwards: beginning may have waited for long.
        if (!database.HasMoved)
        {
            if (!database.Transaction.Begin(mayWait))
            {
                return null;
            }

            if (!database.HasMoved)
            {
                return database;
            }
        }

        if (!mayWait)
        {
            return null;
        }

        Leave(database);
        database = Open();
        database.Transaction.Begin(mayWait);
        return database;
    }

    /// <summary>Waits for those who still read it, with whom SQLite would share memory by the file's name, and for whoever deletes its log after it.</summary>
    private void Leave(SqliteDatabase database)
    {
        var ended = new ManualResetEventSlim();
        _database = null;
        database.Close(ended.Set);
        ended.Wait(Patience);
        CancellationToken.None.WaitHandle.WaitOne(Settling);
    }

    private SqliteDatabase Open()
    {
        lock (_opening)
        {
            if (_database is null)
            {
                var connection = _file.OpenWriter(createsTable: _hasBeenOpen && _options.CreateTableIfNotExists);
                _hasBeenOpen = true;
                _database = new SqliteDatabase(_file, connection, () => _isClosing);
            }

            return _database;
        }
    }

    /// <summary>Opens it for a reader that comes before the first writer, and need not wait for the write lock. Later only the writer does.</summary>
    private SqliteDatabase? OpenFirst()
    {
        lock (_opening)
        {
            return _hasBeenOpen || _isClosing ? _database : Open();
        }
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
            _isLed = _waiting.Count > 0;
            if (_isLed || !_isClosing)
            {
                return _isLed;
            }
        }

        End();
        return false;
    }

    private void End()
    {
        SqliteDatabase? database;
        lock (_opening)
        {
            database = _database;
        }

        if (database is null)
        {
            _closed.SetResult();
        }
        else
        {
            database.Close(_closed.SetResult);
        }
    }
}
