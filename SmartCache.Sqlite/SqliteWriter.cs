using SmartCache.Connections;

namespace SmartCache.Sqlite;

/// <summary>
/// The single writer. Works that arrive during a write wait and then share one transaction, and so one wait for the disk (group commit).
/// If no one is writing, a caller writes on its own thread. The writer's thread then writes the works that wait, group after group:
/// synchronous callers may block every thread of the pool, so writing must not need one. No caller is told of success before the shared
/// COMMIT. A work that fails is undone alone.
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
    private readonly List<WriteItem> _waiting = [];
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

    /// <summary>The connections that read beside the writer; null if there are none.</summary>
    public SqliteReaders? Readers => _isClosing ? null : (_database ?? OpenFirst())?.Readers;

    public async ValueTask<TResult> RunAsync<TState, TResult>(StoreWork<TState, TResult> work, TState state, bool async, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var item = new WriteItem<TState, TResult>(work, state, async);
        if (!Join(item) || !TryLead())
        {
            await WaitAsync(item, cancellationToken).ConfigureAwait(false);
        }

        return item.Result();
    }

    /// <summary>Refuses further works, and closes the database when those under way have ended.</summary>
    /// <returns>Completes when the database is closed.</returns>
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

    private async ValueTask WaitAsync(WriteItem item, CancellationToken cancellationToken)
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

            // A group has taken it and ends soon.
            await item.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one group, the caller's own work among it, on the caller's thread.</summary>
    /// <returns>False if it would have to wait for another process or open another file: the writer's thread then does it.</returns>
    private bool TryLead()
    {
        var hasLed = TryWrite(mayWait: false);
        if (!hasLed || IsWanted())
        {
            _thread.Wake();
        }

        return hasLed;
    }

    /// <summary>Writes group after group until no work waits.</summary>
    private void LeadOn()
    {
        do
        {
            TryWrite(mayWait: true);
        }
        while (IsWanted());
    }

    /// <summary>Writes the works that wait when the transaction has the write lock.</summary>
    private bool TryWrite(bool mayWait)
    {
        List<WriteItem>? group = null;
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

    /// <summary>Begins a transaction on the file that has the name now. A file that was deleted or replaced is left before anything is written to it.</summary>
    private SqliteDatabase? TryBegin(bool mayWait)
    {
        var database = _database ?? Open();

        // Checked again afterwards: beginning may have waited long.
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

    /// <summary>Closes a database whose file has moved. Waits for its readers, with which SQLite would share memory by the file's name, and for a process that deletes its log.</summary>
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

    /// <summary>Opens the database for a reader that comes before the first writer, without waiting for the write lock. Later only the writer opens it.</summary>
    private SqliteDatabase? OpenFirst()
    {
        lock (_opening)
        {
            return _hasBeenOpen || _isClosing ? _database : Open();
        }
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
