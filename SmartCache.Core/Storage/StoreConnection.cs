using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;

namespace SmartCache.Storage;

/// <summary>A connection with the commands made on it.</summary>
/// <param name="connection">An open connection, which is closed with this.</param>
/// <param name="preparation">Whether commands are prepared here.</param>
public sealed class StoreConnection(DbConnection connection, Preparation preparation) : IDisposable, IAsyncDisposable
{
    private readonly Dictionary<SqlStatement, DbCommand>? _kept = preparation == Preparation.Kept ? [] : null;

    /// <summary>The driver's connection.</summary>
    public DbConnection Connection { get; } = connection;

    /// <summary>
    /// A work has begun a transaction whose end was not seen to succeed, or a statement failed, and a text of several
    /// may have begun one. Such a connection must be rolled back or closed, and never given to another work.
    /// </summary>
    public bool IsInTransaction { get; internal set; }

    /// <summary>Runs a statement, ends its transaction if that takes a text of its own, and gives the number of rows affected.</summary>
    internal ValueTask<int> ExecuteAsync(SqlStatement statement, in StatementArguments arguments, bool async, CancellationToken cancellationToken) =>
        ExecuteAsync(statement, Take(statement, in arguments), async, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ExecuteAsync(SqlStatement statement, DbCommand command, bool async, CancellationToken cancellationToken)
    {
        var wasInTransaction = IsInTransaction;
        IsInTransaction = true;
        var isDone = false;
        try
        {
            await PrepareAsync(statement, command, async, cancellationToken).ConfigureAwait(false);
            var affected = async
                ? await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteNonQuery();
            isDone = true;
            if (statement.Commit is { } commit)
            {
                await ExecuteAsync(commit, Take(commit, default), async, cancellationToken).ConfigureAwait(false);
            }

            IsInTransaction = wasInTransaction;
            return affected;
        }
        finally
        {
            GiveBack(statement, command, isDone);
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
        QueryAsync(statement, Take(statement, in arguments), none, add, async, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> QueryAsync<TResult>(
        SqlStatement statement,
        DbCommand command,
        TResult none,
        Func<TResult, DbDataReader, TResult> add,
        bool async,
        CancellationToken cancellationToken)
    {
        var wasInTransaction = IsInTransaction;
        IsInTransaction = true;
        var isDone = false;
        try
        {
            await PrepareAsync(statement, command, async, cancellationToken).ConfigureAwait(false);
            var reader = async
                ? await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteReader();
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
                isDone = true;
                return result;
            }
            finally
            {
                if (async)
                {
                    await reader.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    reader.Dispose();
                }
            }
        }
        finally
        {
            GiveBack(statement, command, isDone);
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
    /// <returns>False if it may still be, or the connection is broken.</returns>
    internal async ValueTask<bool> TryRollBackAsync(bool async, CancellationToken cancellationToken)
    {
        if (Connection.State != ConnectionState.Open)
        {
            return false;
        }

        var rollback = Connection.CreateCommand();
        rollback.CommandText = "ROLLBACK";
        try
        {
            _ = async ? await rollback.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) : rollback.ExecuteNonQuery();
            IsInTransaction = false;
        }
        catch (Exception)
        {
            // The failure that brought us here is on its way to the caller. A connection that cannot roll back is broken.
        }
        finally
        {
            rollback.Dispose();
        }

        return !IsInTransaction;
    }

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    /// <summary>The command that runs a statement, with its values.</summary>
    private DbCommand Take(SqlStatement statement, in StatementArguments arguments)
    {
        if (_kept?.TryGetValue(statement, out var command) != true)
        {
            command = statement.TakeCommand(Connection);
            if (_kept is not null && !statement.IsRare)
            {
                if (statement.IsPreparable)
                {
                    command.Prepare();
                }

                _kept.Add(statement, command);
            }
        }

        statement.SetValues(command!, in arguments);
        return command!;
    }

    private ValueTask PrepareAsync(SqlStatement statement, DbCommand command, bool async, CancellationToken cancellationToken)
    {
        if (preparation != Preparation.EveryUse || !statement.IsPreparable)
        {
            return default;
        }

        if (async)
        {
            return new ValueTask(command.PrepareAsync(cancellationToken));
        }

        command.Prepare();
        return default;
    }

    private void GiveBack(SqlStatement statement, DbCommand command, bool isDone)
    {
        if (_kept is not null && !statement.IsRare)
        {
            statement.ClearValues(command);
        }
        else if (isDone)
        {
            statement.GiveBack(command);
        }
        else
        {
            command.Dispose();
        }
    }
}
