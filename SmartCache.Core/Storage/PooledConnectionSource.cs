using System.Data.Common;
using System.Runtime.CompilerServices;

namespace SmartCache.Storage;

/// <summary>Borrows connections from a driver's own pool.</summary>
/// <param name="dataSource">The driver's data source.</param>
/// <param name="ownsDataSource">Whether to dispose it with the cache.</param>
/// <param name="preparation">Whether commands are prepared here; <see cref="Preparation.Kept"/> does not go with a pool.</param>
/// <param name="clearPool">
/// Closes the pool's connections, those in use when they are given back. Called with a connection that broke, where the
/// driver does not itself drop what may have broken with it, or that may still be in a transaction.
/// </param>
public sealed class PooledConnectionSource(
    DbDataSource dataSource, bool ownsDataSource, Preparation preparation = Preparation.None, Action<DbConnection>? clearPool = null) : ConnectionSource
{
    private volatile bool _isDisposed;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(SmartDistributedCache));
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new StoreConnection(
            async ? await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false) : dataSource.OpenConnection(), preparation);
        try
        {
            return await work.RunAsync(connection, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A pool that does not reset its connections would hand the open transaction, and the row it locks, to the
            // next borrower.
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

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isDisposed = true;
        if (ownsDataSource)
        {
            dataSource.Dispose();
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ownsDataSource ? dataSource.DisposeAsync() : default;
    }
}
