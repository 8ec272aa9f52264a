namespace SmartCache.Storage.Works;

/// <summary>Composes the statements for the server at hand; checks the table, and creates one that is missing where it may.</summary>
/// <returns>Null if there is no table.</returns>
internal sealed class EnsureTableWork(SqlDialect dialect, SmartCacheOptions options, bool create) : StoreWork<StatementSet?>
{
    public override bool Writes => create;

    public override async ValueTask<StatementSet?> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var adapted = dialect.AdaptTo(connection.Connection.ServerVersion);
        var table = new CacheTable(adapted, adapted.Schema(options), options.TableName, options.Columns);
        if (create)
        {
            var createTable = new SqlStatement(adapted.CreateTable(table), adapted) { IsRare = true };
            await connection.ExecuteAsync(createTable, default, async, cancellationToken).ConfigureAwait(false);
        }

        var describe = new SqlStatement(adapted.DescribeTable(table), adapted) { IsRare = true };
        var columns = await connection.ListAsync(describe, default, TableColumn.Read, async, cancellationToken).ConfigureAwait(false);
        if (columns.Count == 0)
        {
            return null;
        }

        ThrowIfUnfit(table, columns);
        var limits = new TableLimits(adapted, table, columns);
        if (options.StoreKeyHash)
        {
            limits.ThrowIfNoHashFits();
        }

        table.KeyIndex = columns[0].KeyIndex is { } index && adapted.FindFault(index) is null ? adapted.Quote(index) : null;
        return new StatementSet(adapted, table, limits, options);
    }

    private void ThrowIfUnfit(CacheTable table, List<TableColumn> columns)
    {
        var missing = table.BareColumns.Except(columns.Select(column => column.Name), StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException(
                $"The table {table.Name} has no column {string.Join(", ", missing)}. It is another table, or one of another layout: "
                + $"choose a different {nameof(options.TableName)}, name its columns in {nameof(options.Columns)}, or add them.");
        }

        if (!columns[0].TableHasKey)
        {
            throw new InvalidOperationException(
                $"The table {table.Name} has no primary or unique key of exactly ({table.BareCrc}, {table.BareKey}), without which a key could get two rows. Add it.");
        }
    }
}
