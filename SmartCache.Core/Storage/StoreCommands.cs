using System.Data.Common;

namespace SmartCache.Storage;

/// <summary>The commands made on one connection.</summary>
internal sealed class StoreCommands(DbConnection connection, Preparation preparation)
{
    private readonly Dictionary<SqlStatement, DbCommand>? _kept = preparation == Preparation.Kept ? [] : null;

    /// <summary>The command that runs a statement, with its values.</summary>
    public DbCommand Take(SqlStatement statement, in StatementArguments arguments)
    {
        var command = _kept?.GetValueOrDefault(statement) ?? Create(statement);
        for (var i = 0; i < statement.Parameters.Count; i++)
        {
            command.Parameters[i].Value = arguments[statement.Parameters[i]] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>Prepares a command that is not kept, where that pays.</summary>
    public ValueTask PrepareAsync(SqlStatement statement, DbCommand command, bool async, CancellationToken cancellationToken)
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

    public void GiveBack(SqlStatement statement, DbCommand command)
    {
        if (!Keeps(statement))
        {
            command.Dispose();
            return;
        }

        // A kept command must not keep the payload of its last execution alive.
        for (var i = 0; i < statement.Parameters.Count; i++)
        {
            command.Parameters[i].Value = DBNull.Value;
        }
    }

    private DbCommand Create(SqlStatement statement)
    {
        var command = connection.CreateCommand();
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
            // A text of several statements cannot be prepared on every engine; a driver may still do so by itself.
            if (statement.IsPreparable)
            {
                command.Prepare();
            }

            _kept!.Add(statement, command);
        }

        return command;
    }

    private bool Keeps(SqlStatement statement) => _kept is not null && !statement.IsRare;
}
