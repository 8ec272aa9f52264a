using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>One connection that writes and, beside it, as many that read as are needed at a time, all held open.</summary>
internal sealed class SqliteConnectionSource(SmartSqliteCacheOptions options) : ConnectionSource
{
    private readonly SqliteFile _file = new(options);
    private readonly IdleConnections _idleReaders = new();
    private readonly ReadGate _gate = new();
    private readonly Lock _opening = new();
    private StoreConnection? _writerConnection;
    private SqliteWriter? _writer;
    private volatile bool _isDisposed;

    public override ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var writer = Writer();
        return work.Writes || _file.IsInMemory
            ? writer.RunAsync(work, async, cancellationToken)
            : ValueTask.FromResult(Read(work, cancellationToken));
    }

    public override void Dispose()
    {
        _isDisposed = true;
        lock (_opening)
        {
            _idleReaders.Dispose();

            // Last, so that SQLite can fold the log into the file and delete it.
            _writerConnection?.Dispose();
        }
    }

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private SqliteWriter Writer()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(SmartDistributedCache));
        if (_writer is { } writer)
        {
            return writer;
        }

        // Opening is local work of a millisecond; whoever comes meanwhile waits for it.
        lock (_opening)
        {
            if (_writer is null)
            {
                _writerConnection = _file.OpenWriter();
                _writer = new SqliteWriter(_writerConnection, _gate);
            }

            return _writer;
        }
    }

    private TResult Read<TResult>(StoreWork<TResult> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reader = _idleReaders.Take() ?? _file.OpenReader();
        try
        {
            return _gate.Read(work, reader);
        }
        finally
        {
            _idleReaders.GiveBack(reader);
        }
    }
}
