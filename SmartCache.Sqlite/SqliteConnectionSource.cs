using System.Collections.Concurrent;
using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>One connection that writes and, beside it, as many that read as are needed at a time, all held open.</summary>
internal sealed class SqliteConnectionSource(SmartSqliteCacheOptions options) : ConnectionSource
{
    private static readonly int MaxIdleReaders = Math.Max(8, 2 * Environment.ProcessorCount);

    private readonly SqliteFile _file = new(options);
    private readonly ConcurrentBag<StoreConnection> _idleReaders = [];
    private readonly Lock _opening = new();
    private StoreConnection? _writerConnection;
    private SqliteWriter? _writer;
    private volatile bool _isDisposed;

    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var writer = Writer();
        if (work.Writes || _file.IsInMemory)
        {
            return await writer.RunAsync(work, async, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var reader = _idleReaders.TryTake(out var idle) ? idle : _file.OpenReader();
        try
        {
            return await work.RunAsync(reader, async: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            GiveBack(reader);
        }
    }

    public override void Dispose()
    {
        _isDisposed = true;
        lock (_opening)
        {
            while (_idleReaders.TryTake(out var reader))
            {
                reader.Dispose();
            }

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
                _writer = new SqliteWriter(_writerConnection);
            }

            return _writer;
        }
    }

    private void GiveBack(StoreConnection reader)
    {
        if (_isDisposed || _idleReaders.Count >= MaxIdleReaders)
        {
            reader.Dispose();
        }
        else
        {
            _idleReaders.Add(reader);
        }
    }
}
