namespace SmartCache.Sqlite;

/// <summary>One connection that writes and, beside it, as many that read as are needed at the same time, all kept open.</summary>
internal sealed class SqliteConnectionSource(SmartSqliteCacheOptions options) : ConnectionSource
{
    /// <summary>How long disposal waits for works under way. A connection whose work takes longer is closed when that ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SqliteWriter _writer = new(options);

    public override ValueTask<TResult> RunAsync<TState, TResult>(
        StoreWork<TState, TResult> work, TState state, bool writes, bool async, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return !writes && _writer.Readers?.TryRun(work, state, out var result) == true
            ? ValueTask.FromResult(result)
            : _writer.RunAsync(work, state, async, token);
    }

    // The writer's thread, or the caller at work, ends the wait itself: this needs no thread of the pool.
    public override void Dispose() => ((IAsyncResult)_writer.CloseAsync()).AsyncWaitHandle.WaitOne(Patience);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _writer.CloseAsync().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The same as in Dispose.
        }
    }
}
