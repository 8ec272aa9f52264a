using SmartCache.Diagnostics;

namespace SmartCache.Connections;

/// <summary>What a work on the database does, as metrics, spans and logs name it.</summary>
/// <param name="Writes">Whether it writes.</param>
internal sealed record DatabaseOperation(string Name, bool Writes)
{
    public static readonly DatabaseOperation Read = new("read", Writes: false);
    public static readonly DatabaseOperation Write = new("write", Writes: true);

    /// <summary>The locked merge: reads, decides and writes in one transaction.</summary>
    public static readonly DatabaseOperation Merge = new("merge", Writes: true);
    public static readonly DatabaseOperation Upsert = new("upsert", Writes: true);
    public static readonly DatabaseOperation Remove = new("remove", Writes: true);
    public static readonly DatabaseOperation Touch = new("touch", Writes: true);
    public static readonly DatabaseOperation Sweep = new("sweep", Writes: true);
    public static readonly DatabaseOperation List = new("list", Writes: false);
    public static readonly DatabaseOperation Count = new("count", Writes: false);
    public static readonly DatabaseOperation Migrate = new("migrate", Writes: true);
    public static readonly DatabaseOperation Describe = new("describe", Writes: false);
    public static readonly DatabaseOperation Create = new("create", Writes: true);
}

/// <summary>The cache's connections, with a duration and a span for each work, if somebody listens.</summary>
internal sealed class ObservedConnections(ConnectionSource connections, CacheMetrics metrics)
{
    /// <param name="batchSize">How many operations share the work.</param>
    public ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, DatabaseOperation operation, int batchSize, bool async, CancellationToken token) =>
        metrics.ObservesWorks
            ? ObserveAsync(work, operation, batchSize, async, token)
            : connections.RunAsync(work, operation.Writes, async, token);

    public ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, DatabaseOperation operation, bool async, CancellationToken token) =>
        RunAsync(work, operation, batchSize: 1, async, token);

    private async ValueTask<TResult> ObserveAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, DatabaseOperation operation, int batchSize, bool async, CancellationToken token)
    {
        var measure = metrics.BeginWork(operation.Name, batchSize);
        TResult result;
        try
        {
            result = await connections.RunAsync(work, operation.Writes, async, token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            measure.End(exception);
            throw;
        }

        measure.End(failure: null);
        return result;
    }
}
