using System.Data.Common;
using System.Runtime.CompilerServices;

namespace SmartCache.Connections;

/// <summary>Borrows connections from a driver's own pool.</summary>
/// <param name="dataSource">The driver's data source.</param>
/// <param name="ownsDataSource">Whether to dispose it with the cache.</param>
/// <param name="preparation">Whether commands are prepared here; <see cref="Preparation.Kept"/> does not fit a pool.</param>
/// <param name="clearPool">
/// Closes the pool's connections, those in use when they are returned. Called with a connection that broke or may still be in a
/// transaction, if the driver does not drop it by itself.
/// </param>
internal sealed class PooledConnectionSource(
    DbDataSource dataSource, bool ownsDataSource, Preparation preparation = Preparation.None, Action<DbConnection>? clearPool = null) : ConnectionSource
{
    private volatile bool _isDisposed;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TResult> RunAsync<TState, TResult>(
        StoreWork<TState, TResult> work, TState state, bool writes, bool async, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new StoreConnection(
            async ? await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false) : dataSource.OpenConnection(), preparation);
        try
        {
            return await work(connection, state, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A pool that does not reset its connections would give the open transaction, and the row it locks, to the next borrower.
            if (connection.IsInTransaction && !await connection.TryRollBackAsync(async, CancellationToken.None).ConfigureAwait(false))
            {
                clearPool?.Invoke(connection.Connection);
            }

            if (async)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                connection.Dispose();
            }
        }
    }

    public override void Dispose()
    {
        _isDisposed = true;
        if (ownsDataSource)
        {
            dataSource.Dispose();
        }
    }

    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ownsDataSource ? dataSource.DisposeAsync() : default;
    }
}
