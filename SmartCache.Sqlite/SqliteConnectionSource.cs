using SmartCache.Storage;

namespace SmartCache.Sqlite;

/// <summary>One connection that writes and, beside it, as many that read as are needed at a time, all held open.</summary>
internal sealed class SqliteConnectionSource(SmartSqliteCacheOptions options) : ConnectionSource
{
    /// <summary>How long disposal waits for those at work. What takes longer is closed when it ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SqliteWriter _writer = new(options);

    public override ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        cancellationToken.ThrowIfCancellationRequested();
        return !work.Writes && _writer.Readers?.TryRun(work, out var result) == true
            ? ValueTask.FromResult(result)
            : _writer.RunAsync(work, async, cancellationToken);
    }

    // The writer's thread, or whoever is at work, ends the wait itself: no thread of the pool is needed.
    public override void Dispose() => ((IAsyncResult)_writer.CloseAsync()).AsyncWaitHandle.WaitOne(Patience);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _writer.CloseAsync().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // As when disposed of synchronously.
        }
    }
}
