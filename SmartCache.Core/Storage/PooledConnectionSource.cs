using System.Data.Common;

namespace SmartCache.Storage;

/// <summary>Borrows connections from a driver's own pool, which keeps prepared statements where the driver can.</summary>
/// <param name="dataSource">The driver's data source.</param>
/// <param name="ownsDataSource">Whether to dispose it with the cache.</param>
/// <param name="killer">Ends connections that the driver does not let go of; null if it does.</param>
public sealed class PooledConnectionSource(DbDataSource dataSource, bool ownsDataSource, ConnectionKiller? killer = null) : ConnectionSource
{
    private volatile bool _isDisposed;

    /// <inheritdoc/>
    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(SmartDistributedCache));
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new StoreConnection(
            async ? await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false) : dataSource.OpenConnection(),
            keepsCommands: false,
            killer);
        try
        {
            return await work.RunAsync(connection, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A pool that does not reset its connections would hand the open transaction, and the row it locks, to the
            // next borrower. Where the connection is broken there is nothing to roll back, and the pool drops it.
            await connection.TryRollBackAsync(async, CancellationToken.None).ConfigureAwait(false);
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
