using System.Runtime.CompilerServices;

namespace SmartCache.Connections;

/// <summary>Gives each work a connection to run on.</summary>
internal abstract class ConnectionSource : IDisposable, IAsyncDisposable
{
    /// <summary>How many connections run a work at the moment.</summary>
    public abstract int InUse { get; }

    /// <summary>Runs a work on a connection that it has to itself for that time.</summary>
    /// <param name="work">One statement, or a few that belong together. It may run again from the start if its transaction came to nothing.</param>
    /// <param name="writes">Whether it writes: an engine with a single writer runs works that only read beside it.</param>
    public abstract ValueTask<TResult> RunAsync<TResult>(Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token);

    public abstract void Dispose();

    public abstract ValueTask DisposeAsync();
}

/// <summary>Borrows connections from a driver's own pool.</summary>
/// <param name="ownsDataSource">Whether to dispose it with the cache.</param>
/// <param name="preparation">Whether commands are prepared here; <see cref="Preparation.Kept"/> does not fit a pool.</param>
/// <param name="movesCommands">Whether the driver lets a command that has run go to another connection at any time.</param>
/// <param name="clearPool">
/// Closes the pool's connections, those in use when they are returned. Called with a connection that broke or may still be in a
/// transaction, if the driver does not drop it by itself.
/// </param>
internal sealed class PooledConnectionSource(
    DbDataSource dataSource,
    bool ownsDataSource,
    Preparation preparation = Preparation.None,
    bool movesCommands = false,
    Action<DbConnection>? clearPool = null) : ConnectionSource
{
    private volatile bool _isDisposed;
    private int _inUse;

    public override int InUse => Volatile.Read(ref _inUse);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        token.ThrowIfCancellationRequested();
        var driver = async ? await dataSource.OpenConnectionAsync(token).ConfigureAwait(false) : dataSource.OpenConnection();
        Interlocked.Increment(ref _inUse);
        var connection = new StoreConnection(driver, preparation, movesCommands, async, token);
        try
        {
            return await work(connection).ConfigureAwait(false);
        }
        finally
        {
            // A pool that does not reset its connections would give the open transaction, and the row it locks, to the next borrower.
            if (connection.IsInTransaction && !await connection.TryRollBackAsync().ConfigureAwait(false))
                clearPool?.Invoke(driver);

            Interlocked.Decrement(ref _inUse);
            if (async)
                await driver.DisposeAsync().ConfigureAwait(false);
            else
                driver.Dispose();
        }
    }

    public override void Dispose()
    {
        _isDisposed = true;
        if (ownsDataSource)
            dataSource.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ownsDataSource ? dataSource.DisposeAsync() : default;
    }
}
