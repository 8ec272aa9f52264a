using System.Data.Common;
using SmartCache.Keys;

namespace SmartCache.Storage.Legacy;

/// <summary>
/// Finds out on first use whether the old table is there, has the columns described, and may be read and deleted
/// from: by its description, and by trying it with a key that no row has.
/// </summary>
/// <returns>Whether its key column can hold any text.</returns>
internal sealed class CheckLegacyTableWork(SqlDialect dialect, LegacyTable names, LegacyStatements legacy) : StoreWork<bool>
{
    private const string Option = nameof(SmartCacheOptions.LegacyTable);

    public override bool Writes => true;

    public override async ValueTask<bool> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        try
        {
            var columns = await connection.ListAsync(legacy.Describe, default, TableColumn.Read, async, cancellationToken).ConfigureAwait(false);
            ThrowIfUnfit(columns);
            await TryAsync(connection, async, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception) when (!dialect.IsTransient(exception))
        {
            throw new InvalidOperationException(
                $"{Option}: rows cannot move in from {legacy.TableName}, for which this user must be able to SELECT … FOR UPDATE and DELETE there, "
                + $"and each column must be stored as described. The server says: {exception.Message}",
                exception);
        }

        return await TakesAnyTextAsync(connection, async, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfUnfit(List<TableColumn> columns)
    {
        if (columns.Count == 0)
        {
            throw new InvalidOperationException(
                $"{Option}: the table {legacy.TableName} does not exist for this user. If it has been dropped because everything has moved in, remove the option.");
        }

        // SQLite would take the quoted name of a missing column for a text.
        var missing = names.Columns().FirstOrDefault(
            column => column.Name is { } name && !columns.Exists(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        if (missing.Name is not null)
        {
            throw new InvalidOperationException($"{Option}.{missing.Option}: the table {legacy.TableName} has no column {missing.Name}.");
        }
    }

    private async ValueTask TryAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var rollBack = legacy.Locked.RollBack;
        var nobodysKey = CacheKey.From(Guid.NewGuid().ToString());
        connection.IsInTransaction = rollBack is not null;
        await legacy.ReadAsync(connection, legacy.Locked.BeginAndRead, nobodysKey, async, cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(legacy.Delete.Alone, new StatementArguments { Key = nobodysKey }, async, cancellationToken).ConfigureAwait(false);
        if (rollBack is not null)
        {
            await connection.ExecuteAsync(rollBack, default, async, cancellationToken).ConfigureAwait(false);
        }

        connection.IsInTransaction = false;
    }

    /// <summary>MySQL refuses to compare a column of one character set with a text that only another can hold.</summary>
    private async ValueTask<bool> TakesAnyTextAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var nobodysKey = CacheKey.From($"{Guid.NewGuid()} \u0436 \U0001F600");
        try
        {
            await legacy.ReadAsync(connection, legacy.LookUp, nobodysKey, async, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DbException exception) when (!dialect.IsTransient(exception))
        {
            return false;
        }
    }
}
