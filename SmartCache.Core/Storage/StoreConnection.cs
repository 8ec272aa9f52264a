using System.Data.Common;
using System.Runtime.CompilerServices;

namespace SmartCache.Storage;

/// <summary>
/// A connection with the commands made on it. A source that holds its connections keeps their commands prepared;
/// one that borrows from the driver's pool leaves preparing to the driver.
/// </summary>
/// <param name="connection">An open connection, which is closed with this.</param>
/// <param name="keepsCommands">Whether commands are prepared once and kept until the connection closes.</param>
/// <param name="killer">Ends connections that the driver does not let go of; null if it does.</param>
public sealed class StoreConnection(DbConnection connection, bool keepsCommands, ConnectionKiller? killer = null) : IDisposable, IAsyncDisposable
{
    private readonly StoreCommands _commands = new(connection, keepsCommands);

    /// <summary>A statement runs, or its answer broke off and the driver would wait for the rest.</summary>
    private volatile bool _isBusy;

    /// <summary>The driver's connection.</summary>
    public DbConnection Connection { get; } = connection;

    /// <summary>
    /// A work has begun a transaction whose end was not seen to succeed, or a statement failed, and a text of several
    /// may have begun one. Such a connection must be rolled back or closed, and never given to another work.
    /// </summary>
    public bool IsInTransaction { get; internal set; }

    /// <summary>Runs a statement, ends its transaction if that takes a text of its own, and gives the number of rows affected.</summary>
    internal ValueTask<int> ExecuteAsync(SqlStatement statement, in StatementArguments arguments, bool async, CancellationToken cancellationToken) =>
        ExecuteAsync(statement, _commands.Take(statement, in arguments), async, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ExecuteAsync(SqlStatement statement, DbCommand command, bool async, CancellationToken cancellationToken)
    {
        using var cancelling = Cancelling(command, cancellationToken);
        var wasInTransaction = IsInTransaction;
        IsInTransaction = _isBusy = true;
        try
        {
            var affected = async
                ? await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteNonQuery();
            if (statement.Commit is { } commit)
            {
                await ExecuteAsync(commit, _commands.Take(commit, default), async, cancellationToken).ConfigureAwait(false);
            }

            IsInTransaction = wasInTransaction;
            return affected;
        }
        catch (Exception exception) when (IsCancellation(exception, cancellationToken))
        {
            throw Cancelled(exception, cancellationToken);
        }
        finally
        {
            _isBusy = false;
            _commands.GiveBack(statement, command);
        }
    }

    /// <summary>Runs a statement and lets <paramref name="add"/> put what it makes of each row to what it has made of those before.</summary>
    internal ValueTask<TResult> QueryAsync<TResult>(
        SqlStatement statement,
        in StatementArguments arguments,
        TResult none,
        Func<TResult, DbDataReader, TResult> add,
        bool async,
        CancellationToken cancellationToken) =>
        QueryAsync(statement, _commands.Take(statement, in arguments), none, add, async, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> QueryAsync<TResult>(
        SqlStatement statement,
        DbCommand command,
        TResult none,
        Func<TResult, DbDataReader, TResult> add,
        bool async,
        CancellationToken cancellationToken)
    {
        using var cancelling = Cancelling(command, cancellationToken);
        var wasInTransaction = IsInTransaction;
        IsInTransaction = _isBusy = true;
        var isBroken = false;
        try
        {
            var reader = async
                ? await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteReader();
            isBroken = true;
            try
            {
                while (reader.FieldCount == 0 && (async ? await reader.NextResultAsync(cancellationToken).ConfigureAwait(false) : reader.NextResult()))
                {
                    // What comes before the SELECT in the same text, such as BEGIN, has no columns.
                }

                var result = none;
                while (async ? await reader.ReadAsync(cancellationToken).ConfigureAwait(false) : reader.Read())
                {
                    result = add(result, reader);
                }

                IsInTransaction = wasInTransaction;
                isBroken = false;
                return result;
            }
            finally
            {
                if (isBroken && killer is not null)
                {
                    // The reader goes with the connection.
                }
                else if (async)
                {
                    await reader.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    reader.Dispose();
                }
            }
        }
        catch (Exception exception) when (IsCancellation(exception, cancellationToken))
        {
            throw Cancelled(exception, cancellationToken);
        }
        finally
        {
            _isBusy = isBroken && killer is not null;
            _commands.GiveBack(statement, command);
        }
    }

    /// <summary>Gives every row a statement finds.</summary>
    internal ValueTask<List<TRow>> ListAsync<TRow>(
        SqlStatement statement, in StatementArguments arguments, Func<DbDataReader, TRow> read, bool async, CancellationToken cancellationToken) =>
        QueryAsync(
            statement,
            in arguments,
            new List<TRow>(),
            (rows, reader) =>
            {
                rows.Add(read(reader));
                return rows;
            },
            async,
            cancellationToken);

    /// <summary>Ends the transaction that may be open.</summary>
    /// <returns>False if it may still be.</returns>
    internal async ValueTask<bool> TryRollBackAsync(bool async, CancellationToken cancellationToken)
    {
        if (!IsInTransaction || _isBusy || Connection.State != System.Data.ConnectionState.Open)
        {
            return !IsInTransaction;
        }

        var rollback = Connection.CreateCommand();
        rollback.CommandText = "ROLLBACK";
        try
        {
            _ = async ? await rollback.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) : rollback.ExecuteNonQuery();
            IsInTransaction = false;
        }
        catch (DbException)
        {
            // The failure that brought us here is on its way to the caller; a connection that cannot even roll back is broken.
        }
        finally
        {
            rollback.Dispose();
        }

        return !IsInTransaction;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!TryCloseFromOutside())
        {
            Connection.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => TryCloseFromOutside() ? default : Connection.DisposeAsync();

    /// <summary>Has it closed from outside, in its own time, where its driver would have the caller wait for that.</summary>
    private bool TryCloseFromOutside()
    {
        if (killer is null || !_isBusy || Connection.State != System.Data.ConnectionState.Open)
        {
            return false;
        }

        _ = Task.Run(() => CloseFromOutsideAsync(killer));
        return true;
    }

    private async Task CloseFromOutsideAsync(ConnectionKiller killer)
    {
        try
        {
            await killer.KillAsync(Connection, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Of whatever type: a server that cannot be reached has ended it, or will be waited for below.
        }

        try
        {
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // MySql.Data is told that the server has gone.
        }
    }

    private CancellationTokenRegistration Cancelling(DbCommand command, CancellationToken cancellationToken) =>
        killer is not null ? cancellationToken.UnsafeRegister(static command => TryCancel((DbCommand)command!), command) : default;

    /// <summary>
    /// MySql.Data cancels over a second connection. Where it gets none, as on a server that hangs or goes down, the
    /// statement ends in its own time; the exception would reach whoever cancels, and end the process if that is a timer.
    /// </summary>
    private static void TryCancel(DbCommand command)
    {
        try
        {
            command.Cancel();
        }
        catch (Exception)
        {
            // Of whatever type: it says nothing about the statement.
        }
    }

    /// <summary>MySql.Data answers a cancelled command with whatever it stumbles over, a null reference among them.</summary>
    private bool IsCancellation(Exception exception, CancellationToken cancellationToken) =>
        killer is not null && cancellationToken.IsCancellationRequested && exception is not OperationCanceledException;

    private static OperationCanceledException Cancelled(Exception exception, CancellationToken cancellationToken) =>
        new("The statement was cancelled.", exception, cancellationToken);
}
