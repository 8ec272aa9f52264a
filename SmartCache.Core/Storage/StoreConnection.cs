using System.Data.Common;

namespace SmartCache.Storage;

/// <summary>
/// A connection with the commands made on it. A source that holds its connections keeps their commands prepared;
/// one that borrows from the driver's pool leaves preparing to the driver.
/// </summary>
/// <param name="connection">An open connection, which is closed with this.</param>
/// <param name="keepsCommands">Whether commands are prepared once and kept until the connection closes.</param>
/// <param name="cancelsCommands">Whether the driver heeds a cancellation only by <see cref="DbCommand.Cancel"/>, not by the token it is given.</param>
public sealed class StoreConnection(DbConnection connection, bool keepsCommands, bool cancelsCommands = false) : IDisposable, IAsyncDisposable
{
    private readonly Dictionary<SqlStatement, DbCommand>? _kept = keepsCommands ? [] : null;

    /// <summary>The driver's connection.</summary>
    public DbConnection Connection { get; } = connection;

    /// <summary>
    /// A work has begun a transaction whose end was not seen to succeed, or a statement failed, and a text of several
    /// may have begun one. Such a connection must be rolled back or closed, and never given to another work.
    /// </summary>
    public bool IsInTransaction { get; internal set; }

    /// <summary>Runs a statement and gives the number of rows it affected.</summary>
    internal async ValueTask<int> ExecuteAsync(SqlStatement statement, StatementArguments arguments, bool async, CancellationToken cancellationToken)
    {
        var command = Bind(statement, in arguments);
        using var cancelling = Cancelling(command, cancellationToken);
        var wasInTransaction = IsInTransaction;
        IsInTransaction = true;
        try
        {
            var affected = async
                ? await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteNonQuery();
            IsInTransaction = wasInTransaction;
            return affected;
        }
        catch (Exception exception) when (cancelsCommands && cancellationToken.IsCancellationRequested && exception is not OperationCanceledException)
        {
            // MySql.Data answers a cancelled command with whatever it stumbles over, a null reference among them.
            throw new OperationCanceledException("The statement was cancelled.", exception, cancellationToken);
        }
        finally
        {
            Release(statement, command);
        }
    }

    /// <summary>Runs a statement and gives what <paramref name="read"/> makes of each row.</summary>
    internal async ValueTask<List<TRow>> QueryAsync<TRow>(
        SqlStatement statement, StatementArguments arguments, Func<DbDataReader, TRow> read, bool async, CancellationToken cancellationToken)
    {
        var command = Bind(statement, in arguments);
        using var cancelling = Cancelling(command, cancellationToken);
        var wasInTransaction = IsInTransaction;
        IsInTransaction = true;
        try
        {
            var reader = async
                ? await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteReader();
            try
            {
                var rows = new List<TRow>();
                while (reader.FieldCount == 0 && (async ? await reader.NextResultAsync(cancellationToken).ConfigureAwait(false) : reader.NextResult()))
                {
                    // What comes before the SELECT in the same text, such as BEGIN, has no columns.
                }

                while (async ? await reader.ReadAsync(cancellationToken).ConfigureAwait(false) : reader.Read())
                {
                    rows.Add(read(reader));
                }

                IsInTransaction = wasInTransaction;
                return rows;
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
        catch (Exception exception) when (cancelsCommands && cancellationToken.IsCancellationRequested && exception is not OperationCanceledException)
        {
            // MySql.Data answers a cancelled command with whatever it stumbles over, a null reference among them.
            throw new OperationCanceledException("The statement was cancelled.", exception, cancellationToken);
        }
        finally
        {
            Release(statement, command);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeCommands();
        Connection.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        DisposeCommands();
        return Connection.DisposeAsync();
    }

    private CancellationTokenRegistration Cancelling(DbCommand command, CancellationToken cancellationToken) =>
        cancelsCommands ? cancellationToken.UnsafeRegister(static command => ((DbCommand)command!).Cancel(), command) : default;

    private DbCommand Bind(SqlStatement statement, in StatementArguments arguments)
    {
        DbCommand? command = null;
        if (_kept?.TryGetValue(statement, out command) != true)
        {
            command = Create(statement);
        }

        for (var i = 0; i < statement.Parameters.Count; i++)
        {
            command!.Parameters[i].Value = arguments[statement.Parameters[i]] ?? DBNull.Value;
        }

        return command!;
    }

    private DbCommand Create(SqlStatement statement)
    {
        var command = Connection.CreateCommand();
        command.CommandText = statement.Text;
        for (var i = 0; i < statement.Parameters.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = statement.Markers[i];
            parameter.DbType = statement.Parameters[i].DbType();
            command.Parameters.Add(parameter);
        }

        if (Keeps(statement))
        {
            command.Prepare();
            _kept!.Add(statement, command);
        }

        return command;
    }

    private bool Keeps(SqlStatement statement) => _kept is not null && !statement.IsRare;

    private void Release(SqlStatement statement, DbCommand command)
    {
        if (!Keeps(statement))
        {
            command.Dispose();
            return;
        }

        // A kept command must not keep the payload of its last execution alive.
        foreach (DbParameter parameter in command.Parameters)
        {
            parameter.Value = DBNull.Value;
        }
    }

    private void DisposeCommands()
    {
        if (_kept is not null)
        {
            foreach (var command in _kept.Values)
            {
                command.Dispose();
            }

            _kept.Clear();
        }
    }
}
