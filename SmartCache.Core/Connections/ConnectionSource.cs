namespace SmartCache.Connections;

/// <summary>
/// A piece of work on one connection: one statement, or a few that belong together. It may run again from the start if its
/// transaction came to nothing, so it leaves no trace outside the database and its state.
/// </summary>
/// <param name="connection">The connection; no other work uses it until this one is done.</param>
/// <param name="state">What the work needs to know.</param>
/// <param name="async">Whether to await the driver. If false, everything runs, and blocks, on the caller's thread.</param>
/// <param name="cancellationToken">The caller's token.</param>
internal delegate ValueTask<TResult> StoreWork<in TState, TResult>(
    StoreConnection connection, TState state, bool async, CancellationToken cancellationToken);

/// <summary>Gives each work a connection to run on.</summary>
internal abstract class ConnectionSource : IDisposable, IAsyncDisposable
{
    /// <summary>Runs a work on a connection that it has to itself for that time.</summary>
    /// <param name="work">The work.</param>
    /// <param name="state">What it needs to know.</param>
    /// <param name="writes">Whether it writes: an engine with a single writer runs works that only read beside it.</param>
    /// <param name="async">If false, everything runs on the caller's thread and the task returned is complete.</param>
    /// <param name="cancellationToken">Ends the wait for a connection, and the work if the driver can.</param>
    public abstract ValueTask<TResult> RunAsync<TState, TResult>(
        StoreWork<TState, TResult> work, TState state, bool writes, bool async, CancellationToken cancellationToken);

    public abstract void Dispose();

    public abstract ValueTask DisposeAsync();
}
