using System.Globalization;

namespace SmartCache.Benchmarks.Growth.MySql;

/// <summary>Numbers that a server of the MySQL family shows with their names.</summary>
internal static class MySqlVariables
{
    public static async Task<Dictionary<string, long>> ReadAsync(MySqlGrowth database, string show, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = Sql.Command(connection, show, []);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadAsync(cancellationToken))
        {
            values[reader.GetString(0)] = long.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
        }

        return values;
    }
}
