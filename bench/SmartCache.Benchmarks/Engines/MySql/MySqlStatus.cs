using System.Data.Common;
using System.Globalization;

namespace SmartCache.Benchmarks.Engines.MySql;

/// <summary>What a server of the MySQL family counts of itself.</summary>
internal static class MySqlStatus
{
    private const string Query =
        """
        SHOW GLOBAL STATUS
        WHERE Variable_name IN ('Questions', 'Com_show_status', 'Com_admin_commands',
          'Com_begin', 'Com_commit', 'Com_rollback', 'Com_savepoint', 'Com_release_savepoint', 'Com_rollback_to_savepoint',
          'Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted',
          'Handler_write', 'Handler_update', 'Handler_delete', 'Innodb_os_log_written')
        """;

    public static async ValueTask<Counts> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var status = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        await using var command = connection.CreateCommand();
        command.CommandText = Query;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            status[reader.GetString(0)] = long.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
        }

        var transactionControl = Sum("Com_begin", "Com_commit", "Com_rollback", "Com_savepoint", "Com_release_savepoint", "Com_rollback_to_savepoint");

        // MariaDB has given up the former. MySQL counts rows of temporary tables with the latter.
        var rowsWritten = status.ContainsKey("Innodb_rows_inserted")
            ? Sum("Innodb_rows_inserted", "Innodb_rows_updated", "Innodb_rows_deleted")
            : Sum("Handler_write", "Handler_update", "Handler_delete");
        return new Counts(
            Sum("Questions") - transactionControl - Sum("Com_show_status"), // The latter is this query itself.
            transactionControl,
            rowsWritten,
            Sum("Innodb_os_log_written"),
            Sum("Com_admin_commands"));

        long Sum(params string[] names) => names.Sum(name => status[name]);
    }
}
