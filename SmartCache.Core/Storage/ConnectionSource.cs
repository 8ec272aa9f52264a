namespace SmartCache.Storage;

/// <summary>Gives works a connection to run on.</summary>
public abstract class ConnectionSource : IDisposable, IAsyncDisposable
{
    /// <summary>Runs a work on a connection that is its own for that time.</summary>
    /// <typeparam name="TResult">What the work gives.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="async">False runs everything on the caller's thread: the task given back is complete.</param>
    /// <param name="cancellationToken">Ends the waiting for a connection, and the work where the driver can.</param>
    public abstract ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
