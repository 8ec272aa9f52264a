using System.Data.Common;
using System.Runtime.CompilerServices;

namespace SmartCache.Storage;

/// <summary>
/// Keeps connections of its own open, each with its prepared commands, so that nothing but the cache's statements
/// goes over the wire: no reset, no ping, no preparing anew. For a data source that is the cache's alone and does not
/// pool by itself.
/// </summary>
/// <param name="dataSource">Opens the connections; disposed with this.</param>
/// <param name="limits">How many connections there may be.</param>
/// <param name="isConflict">
/// Whether a driver's exception says no more than that others were in the way, as a deadlock does. After any other the
/// connection is closed, and with it those that lie idle: the server may have changed its role, its tables or its mind.
/// </param>
/// <param name="killer">Ends connections that the driver does not let go of; null if it does.</param>
public sealed class HeldConnectionSource(
    DbDataSource dataSource, ConnectionLimits limits, Func<Exception, bool> isConflict, ConnectionKiller? killer = null) : ConnectionSource
{
    private readonly IdleConnections _idle = new();
    private readonly SemaphoreSlim _places = new(limits.Max, limits.Max);
    private volatile bool _isDisposed;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(SmartDistributedCache));
        cancellationToken.ThrowIfCancellationRequested();
        await EnterAsync(async, cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = _idle.Take() ?? await OpenAsync(async, cancellationToken).ConfigureAwait(false);
            return await RunAsync(work, connection, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isDisposed = true;
        _idle.Dispose();
        dataSource.Dispose();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _idle.Dispose();
        return dataSource.DisposeAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var isSound = false;
        try
        {
            var result = await work.RunAsync(connection, async, cancellationToken).ConfigureAwait(false);
            isSound = !connection.IsInTransaction;
            return result;
        }
        catch (Exception exception)
        {
            var mayStay = MayStay(exception);
            isSound = mayStay && await connection.TryRollBackAsync(async, CancellationToken.None).ConfigureAwait(false);
            if (!mayStay && exception is DbException)
            {
                _idle.Close();
            }

            throw;
        }
        finally
        {
            if (isSound)
            {
                _idle.GiveBack(connection);
            }
            else
            {
                await CloseAsync(connection, async).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Closes a connection that may be broken, or still at work on what nobody waits for any more.</summary>
    private static async ValueTask CloseAsync(StoreConnection connection, bool async)
    {
        try
        {
            if (async)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                connection.Dispose();
            }
        }
        catch (Exception)
        {
            // Of whatever type, as MySql.Data throws then: it must not hide from the caller how the work ended.
        }
    }

    /// <summary>A driver that cancels by a second connection may have its cancellation arrive late, at another statement.</summary>
    private bool MayStay(Exception exception) =>
        exception is DbException ? isConflict(exception) : !(killer is not null && exception is OperationCanceledException);

    private async ValueTask EnterAsync(bool async, CancellationToken cancellationToken)
    {
        var hasEntered = async
            ? await _places.WaitAsync(limits.Wait, cancellationToken).ConfigureAwait(false)
            : _places.Wait(limits.Wait, cancellationToken);
        if (!hasEntered)
        {
            throw new TimeoutException(
                $"All {limits.Max} connections of the cache were busy for {limits.Wait.TotalSeconds:0.#} s. Find out what keeps the database busy, or raise Maximum Pool Size in the connection string.");
        }
    }

    private async ValueTask<StoreConnection> OpenAsync(bool async, CancellationToken cancellationToken) => new(
        async ? await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false) : dataSource.OpenConnection(),
        keepsCommands: true,
        killer);
}
