namespace SmartCache.Storage;

/// <summary>
/// A piece of work on one connection: one statement, or a few that belong together. It may be run again from the
/// start when its transaction came to nothing, so it leaves no trace outside the database.
/// </summary>
/// <typeparam name="TResult">What it gives.</typeparam>
public abstract class StoreWork<TResult>
{
    /// <summary>Whether it writes: an engine with a single writer lets works that only read run beside it.</summary>
    public abstract bool Writes { get; }

    /// <summary>Does the work.</summary>
    /// <param name="connection">The connection, nobody else's until the work is done.</param>
    /// <param name="async">Whether to await the driver; otherwise everything runs, and blocks, on the caller's thread.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public abstract ValueTask<TResult> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken);

    /// <summary>Does the work on the caller's thread.</summary>
    /// <param name="connection">The connection, nobody else's until the work is done.</param>
    public TResult Run(StoreConnection connection) => RunAsync(connection, async: false, CancellationToken.None).TakeResult();
}
