using SmartCache.Connections;
using SmartCache.Diagnostics;
using SmartCache.Rows.Migration;
using SmartCache.Sql;

namespace SmartCache.Rows;

/// <summary>The table as it was found, with the statements about it.</summary>
/// <param name="Owners">The statements about owners; null if the table has no column for them.</param>
internal sealed record FoundTable(SqlDialect Dialect, RowStatements Statements, TableLayout Layout, LegacyStatements? Legacy, OwnerStatements? Owners)
{
    public GuardedStatement StatementFor(RowWrite write)
    {
        // Tickets have owners even if sessions have none.
        var statements = write.Owner is null ? Statements : Owners!.Rows;
        var writes = write.IsOverPlainKey ? statements.WritesOverPlain! : statements.Writes;
        return write.Inserts ? writes.Insert
            : write.IsNewLife ? writes.Replace
            : write.Value is null ? (write.Lifetime is null ? writes.UpdateOwner! : writes.UpdateExpiry)
            : write.Lifetime is null ? writes.UpdateValue
            : writes.Update;
    }
}

/// <summary>
/// Finds or creates the table on first use, and again until that succeeds once: the database may come up later than the app. One
/// caller does it, the others wait for that one.
/// </summary>
internal sealed class TableSetup(SqlDialect dialect, SmartCacheOptions options, Retries retries, CacheMetrics metrics)
{
    private readonly SemaphoreSlim _ensuring = new(1);
    private volatile FoundTable? _table;
    private volatile int _failures;

    public ValueTask<FoundTable> GetAsync(bool async, CancellationToken token) =>
        _table is { } table ? ValueTask.FromResult(table) : EnsureAsync(async, token);

    /// <summary>The table, which must have the owner column. The column may have been added since the table was found.</summary>
    /// <param name="asking">What needs the column.</param>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public async ValueTask<FoundTable> GetWithOwnerAsync(string asking, bool async, CancellationToken token)
    {
        var table = await GetAsync(async, token).ConfigureAwait(false);
        if (table.Owners is null)
            table = await FindOrCreateAsync(async, token).ConfigureAwait(false);

        table.Layout.ThrowIfWithoutOwner(table.Dialect, asking);
        return table;
    }

    /// <summary>The table as it is now: someone may have altered or dropped it since it was found.</summary>
    /// <exception cref="InvalidOperationException">It is not one that the cache can use.</exception>
    public async ValueTask<FoundTable> FindAgainAsync(bool async, CancellationToken token)
    {
        await GetAsync(async, token).ConfigureAwait(false);
        return await LookAsync(create: false, async, token).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"The table {options.TableName} does not exist for this user.");
    }

    private async ValueTask<FoundTable> EnsureAsync(bool async, CancellationToken token)
    {
        var failures = _failures;
        if (async)
            await _ensuring.WaitAsync(token).ConfigureAwait(false);
        else
            _ensuring.Wait(token);

        try
        {
            if (_table is { } table)
                return table;

            if (_failures == failures)
                return await FindOrCreateAsync(async, token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failures++;
            throw;
        }
        finally
        {
            _ensuring.Release();
        }

        // The caller waited for has failed. While the database is down, trying in turn would mean waiting for every other caller's timeout.
        return await FindOrCreateAsync(async, token).ConfigureAwait(false);
    }

    private async ValueTask<FoundTable> FindOrCreateAsync(bool async, CancellationToken token)
    {
        var table = await LookAsync(create: false, async, token).ConfigureAwait(false);
        if (table is null && options.CreateTableIfNotExists)
        {
            try
            {
                table = await LookAsync(create: true, async, token).ConfigureAwait(false);
            }
            catch (DbException)
            {
                // If two create a table at the same time, PostgreSQL fails one of them in spite of IF NOT EXISTS.
                table = await LookAsync(create: false, async, token).ConfigureAwait(false);
                if (table is null)
                    throw;
            }
        }

        if (table is null)
        {
            throw new InvalidOperationException(
                $"The table {options.TableName} does not exist for this user" + (options.CreateTableIfNotExists
                    ? ", although creating it reported no error."
                    : $", and {nameof(options.CreateTableIfNotExists)} is off."));
        }

        if (table.Legacy is { } legacy)
            legacy.TakesAnyText = await retries.RunAsync(connection => legacy.CheckAsync(connection, dialect), DatabaseOperation.Describe with { Writes = true }, async, token).ConfigureAwait(false);

        return _table = table;
    }

    private ValueTask<FoundTable?> LookAsync(bool create, bool async, CancellationToken token) =>
        retries.RunAsync(connection => LookAsync(connection, create), create ? DatabaseOperation.Create : DatabaseOperation.Describe, async, token);

    /// <summary>Composes the statements for the server at hand, and checks the table.</summary>
    /// <returns>Null if there is no table.</returns>
    private async ValueTask<FoundTable?> LookAsync(StoreConnection connection, bool create)
    {
        var adapted = dialect.AdaptTo(connection.Connection.ServerVersion);
        metrics.SystemName = adapted.SystemName;
        var table = new CacheTable(adapted, adapted.Schema, options.TableName, options.Columns);
        if (create)
            await Rare(adapted.CreateTable(table), adapted).ExecuteAsync(connection, default).ConfigureAwait(false);

        var columns = await Rare(adapted.DescribeTable(table), adapted).ListAsync(connection, default, TableColumn.Read).ConfigureAwait(false);
        if (columns.Count == 0)
            return null;

        var layout = new TableLayout(table, columns, options.StoreKeyHash);
        table.WritesOwner = options.Owner is not null;
        if (table.WritesOwner)
            layout.ThrowIfWithoutOwner(adapted, $"{options.GetType().Name}.{nameof(options.Owner)}");

        table.KeyIndex = columns[0].KeyIndex is { } index && adapted.FindFault(index) is null ? adapted.Quote(index) : null;
        var statements = Statements(table);
        var legacy = options.LegacyTable is { } old ? new LegacyStatements(adapted, old, statements) : null;
        return new FoundTable(adapted, statements, layout, legacy, layout.HasOwner ? new OwnerStatements(adapted, table, OwnedStatements) : null);

        RowStatements Statements(CacheTable table) => new(adapted, table, options.StoreKeyHash, options.Merge.MustApplyOnce);

        RowStatements OwnedStatements() => table.WritesOwner
            ? statements
            : Statements(new CacheTable(adapted, adapted.Schema, options.TableName, options.Columns) { WritesOwner = true, KeyIndex = table.KeyIndex });
    }

    private static SqlStatement Rare(string text, SqlDialect dialect) => new(text, dialect) { IsRare = true };
}
