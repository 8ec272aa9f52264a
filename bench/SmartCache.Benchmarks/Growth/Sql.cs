using System.Data;
using System.Data.Common;

namespace SmartCache.Benchmarks.Growth;

/// <summary>Statements that are run once, and may take minutes.</summary>
internal static class Sql
{
    private const int Patience = 1_800;

    public static async Task<int> RunAsync(DbConnection connection, string text, (string, DbType, object)[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, text, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static DbCommand Command(DbConnection connection, string text, (string Name, DbType Type, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = Patience;
        foreach (var (name, type, value) in values)
        {
            Add(command, name, type).Value = value;
        }

        return command;
    }

    public static DbParameter Add(DbCommand command, string name, DbType type)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
