using System.Data.Common;

namespace SmartCache.Storage;

/// <summary>
/// The commands made on one connection, kept where that pays until it closes, which ends them too: a driver may fail
/// to end a command by itself once its connection is broken.
/// </summary>
internal sealed class StoreCommands(DbConnection connection, bool keeps)
{
    private readonly Dictionary<SqlStatement, DbCommand> _kept = [];

    /// <summary>The command that runs a statement, with its values.</summary>
    public DbCommand Take(SqlStatement statement, in StatementArguments arguments)
    {
        var command = _kept.GetValueOrDefault(statement) ?? Create(statement);
        for (var i = 0; i < statement.Parameters.Count; i++)
        {
            command.Parameters[i].Value = arguments[statement.Parameters[i]] ?? DBNull.Value;
        }

        return command;
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
            if (!statement.IsSeveral)
            {
                command.Prepare();
            }

            _kept.Add(statement, command);
        }

        return command;
    }

    private bool Keeps(SqlStatement statement) => keeps && !statement.IsRare;
}
