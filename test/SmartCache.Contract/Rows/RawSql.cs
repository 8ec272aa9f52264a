namespace SmartCache.Contract.Rows;

/// <summary>Statements over any driver, a line each.</summary>
public static class RawSql
{
    /// <summary>Runs a statement, and gives how many rows it changed.</summary>
    public static int Run(this DbConnection connection, string text, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, text, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The same in a transaction, which is not every driver's default.</summary>
    public static int Run(this DbTransaction transaction, string text, params (string Name, object? Value)[] values)
    {
        using var command = Command(transaction.Connection!, text, values);
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads the rows that a statement gives.</summary>
    public static List<T> Query<T>(this DbConnection connection, string text, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, text, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));

        return rows;
    }

    /// <summary>The number that a statement gives; 0 for none.</summary>
    public static long Ask(this DbConnection connection, string text, params (string Name, object? Value)[] values) =>
        connection.Query(text, static row => Number(row, 0) ?? 0, values).FirstOrDefault();

    /// <summary>The number in a column, of whatever type it is.</summary>
    internal static long? Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    private static DbCommand Command(DbConnection connection, string text, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
