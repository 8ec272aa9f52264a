using SmartCache.Primitives;

namespace SmartCache.Sqlite;

/// <summary>
/// One connection that writes and, beside it, as many that read as are needed at the same time, all kept open. Works that arrive during a
/// write wait and then share one transaction, and so one wait for the disk (group commit). If no one is writing, a caller writes on its
/// own thread. A thread of the cache then writes the works that wait, group after group: synchronous callers may block every thread of the
/// pool, so writing must not need one. No caller is told of success before the shared COMMIT. A work that fails is undone alone.
/// </summary>
internal sealed class SqliteConnectionSource : ConnectionSource
{
    private const int MaxGroup = 64;

    /// <summary>How long disposal waits for works under way. A connection whose work takes longer is closed when that ends.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MovingPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IdleThreadPatience = TimeSpan.FromSeconds(1);

    private readonly SmartSqliteCacheOptions _options;
    private readonly SqliteFile _file;
    private readonly Lock _lock = new();
    private readonly Lock _opening = new();
    private readonly object _thread = new();
    private readonly List<WriteItem> _waiting = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SqliteDatabase? _database;
    private volatile bool _isClosing;
    private bool _hasBeenOpen;
    private bool _isLed;
    private bool _isThreadWanted;
    private bool _isThreadThere;

    public SqliteConnectionSource(SmartSqliteCacheOptions options) => (_options, _file) = (options, new SqliteFile(options));

    public override int InUse => (_database?.InUse).GetValueOrDefault();

    public override ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var readers = writes || _isClosing ? null : (_database ?? OpenFirst())?.Readers;
        return readers?.TryRun(work, out var result) == true ? ValueTask.FromResult(result) : WriteAsync(work, async, token);
    }

    // The thread, or the caller at work, ends the wait itself: this needs no thread of the pool.
    public override void Dispose() => ((IAsyncResult)CloseAsync()).AsyncWaitHandle.WaitOne(ClosingPatience);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync().WaitAsync(ClosingPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The same as in Dispose.
        }
    }

    private async ValueTask<TResult> WriteAsync<TResult>(Func<StoreConnection, ValueTask<TResult>> work, bool async, CancellationToken token)
    {
        TResult? result = default;
        var item = new WriteItem(connection => result = work(connection).TakeResult(), async);
        if (!Join(item) || !TryLead())
            await WaitAsync(item, token).ConfigureAwait(false);

        item.Failure?.Throw();
        return result!;
    }

    /// <returns>Whether there was no leader, so that the caller leads now.</returns>
    private bool Join(WriteItem item)
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

    private async ValueTask WaitAsync(WriteItem item, CancellationToken token)
    {
        try
        {
            await item.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (_waiting.Remove(item))
                    throw;
            }

            // A group has taken it and ends soon.
            await item.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one group, the caller's own work among it, on the caller's thread.</summary>
    /// <returns>False if it would have to wait for another process or open another file: the thread then does it.</returns>
    private bool TryLead()
    {
        var hasLed = TryWrite(mayWait: false);
        if (!hasLed || IsWanted())
            WakeThread();

        return hasLed;
    }

    /// <summary>Writes the works that wait when the transaction has the write lock.</summary>
    private bool TryWrite(bool mayWait)
    {
        List<WriteItem>? group = null;
        try
        {
            if (TryBegin(mayWait) is not { } database)
                return false;

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

    /// <summary>Begins a transaction on the file that has the name now. A file that was deleted or replaced is left before anything is written to it.</summary>
    private SqliteDatabase? TryBegin(bool mayWait)
    {
        var database = _database ?? Open();

        // Checked again afterwards: beginning may have waited long.
        if (!database.HasMoved)
        {
            if (!database.Begin(mayWait))
                return null;

            if (!database.HasMoved)
                return database;
        }

        if (!mayWait)
            return null;

        Leave(database);
        database = Open();
        database.Begin(mayWait);
        return database;
    }

    /// <summary>Closes a database whose file has moved. Waits for its readers, with which SQLite would share memory by the file's name, and for a process that deletes its log.</summary>
    private void Leave(SqliteDatabase database)
    {
        var ended = new ManualResetEventSlim();
        _database = null;
        database.Close(ended.Set);
        ended.Wait(MovingPatience);
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

    /// <summary>Opens the database for a reader that comes before the first writer, without waiting for the write lock. Later only the writer opens it.</summary>
    private SqliteDatabase? OpenFirst()
    {
        lock (_opening)
            return _hasBeenOpen || _isClosing ? _database : Open();
    }

    private List<WriteItem> TakeGroup()
    {
        lock (_lock)
        {
            var group = _waiting.GetRange(0, Math.Min(MaxGroup, _waiting.Count));
            _waiting.RemoveRange(0, group.Count);
            return group;
        }
    }

    /// <returns>Whether the leader has to go on. If not, no one leads any more.</returns>
    private bool IsWanted()
    {
        lock (_lock)
        {
            _isLed = _waiting.Count > 0;
            if (_isLed || !_isClosing)
                return _isLed;
        }

        End();
        return false;
    }

    private void WakeThread()
    {
        lock (_thread)
        {
            _isThreadWanted = true;
            if (_isThreadThere)
            {
                Monitor.Pulse(_thread);
                return;
            }

            // It does not belong to the request that wakes it: it works for others, too.
            new Thread(LeadOn) { IsBackground = true, Name = "SmartCache.Sqlite writer" }.UnsafeStart();
            _isThreadThere = true;
        }
    }

    /// <summary>Writes group after group whenever it is woken, and ends if that has not happened for a while.</summary>
    private void LeadOn()
    {
        while (true)
        {
            lock (_thread)
            {
                _isThreadThere = _isThreadWanted || Monitor.Wait(_thread, IdleThreadPatience) || _isThreadWanted;
                _isThreadWanted = false;
                if (!_isThreadThere)
                    return;
            }

            do
            {
                TryWrite(mayWait: true);
            }
            while (IsWanted());
        }
    }

    /// <summary>Refuses further works, and closes the database when those under way have ended.</summary>
    /// <returns>Completes when the database is closed.</returns>
    private Task CloseAsync()
    {
        bool isIdle;
        lock (_lock)
        {
            isIdle = !_isLed && !_isClosing;
            _isClosing = true;
        }

        if (isIdle)
            End();

        return _closed.Task;
    }

    private void End()
    {
        SqliteDatabase? database;
        lock (_opening)
            database = _database;

        if (database is null)
            _closed.SetResult();
        else
            database.Close(_closed.SetResult);
    }
}
