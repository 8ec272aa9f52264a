using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Sql;

namespace SmartCache.Rows.Migration;

/// <summary>Takes rows over from another cache's table when they are asked for.</summary>
internal sealed class RowMigration(SmartCacheOptions options, Retries retries, PayloadProtection protection)
{
    /// <summary>Reads the row; if there is none, not even an expired one, migrates the live row of the old table.</summary>
    public async ValueTask<Row> ReadAsync(FoundTable table, CacheKey key, long now, bool async, CancellationToken token)
    {
        var (row, isInOldTable) = await retries.RunAsync(
            connection => LookUpAsync(connection, table, key, now), DatabaseOperation.Read, async, token).ConfigureAwait(false);
        return protection.Open(
            isInOldTable ? await retries.RunAsync(connection => MigrateAsync(connection, table, key, now), DatabaseOperation.Migrate, async, token).ConfigureAwait(false) : row,
            key);
    }

    /// <summary>Looks into the old table without a lock.</summary>
    private static async ValueTask<(Row? Row, bool IsInOldTable)> LookUpAsync(StoreConnection connection, FoundTable table, CacheKey key, long now)
    {
        if (await ReadOwnAsync(connection, table, key).ConfigureAwait(false) is { } row)
            return (row, false);

        if (table.Legacy is not { } legacy || !legacy.CanHold(key))
            return default;

        var found = await legacy.ReadAsync(connection, legacy.LookUp, key).ConfigureAwait(false);
        if (found.Exists(old => old?.Lifetime.IsLiveAt(now) == true))
            return (null, true);

        // Another request may have migrated it since the first look.
        return found.Count == 0 ? default : (await ReadOwnAsync(connection, table, key).ConfigureAwait(false), false);
    }

    /// <summary>
    /// Migrates a live row in one transaction: locks it, inserts it unless there is a new row, deletes it. Of two migrations, the
    /// second waits for the first and finds its row.
    /// </summary>
    /// <returns>The new row, whoever wrote it.</returns>
    private async ValueTask<Row?> MigrateAsync(StoreConnection connection, FoundTable table, CacheKey key, long now)
    {
        var legacy = table.Legacy!;
        connection.IsInTransaction = legacy.Locked.RollBack is not null;
        var found = await legacy.ReadAsync(connection, legacy.Locked.BeginAndRead, key).ConfigureAwait(false);
        Row? migrated = null;
        if (found is [{ } old] && old.Lifetime.IsLiveAt(now))
        {
            migrated = await InsertAsync(connection, table, key, old, now).ConfigureAwait(false);
            await legacy.Delete.AndCommit.ExecuteAsync(connection, new SqlValues { Key = key }).ConfigureAwait(false);
        }
        else if (legacy.Locked.RollBack is { } rollBack)
        {
            await rollBack.ExecuteAsync(connection, default).ConfigureAwait(false);
        }

        connection.IsInTransaction = false;
        return migrated ?? await ReadOwnAsync(connection, table, key).ConfigureAwait(false);
    }

    /// <returns>The row inserted; null if there is one already.</returns>
    private async ValueTask<Row?> InsertAsync(StoreConnection connection, FoundTable table, CacheKey key, LegacyRow old, long now)
    {
        CacheValueTooLargeException.ThrowIfLarger(old.Value, options.MaxValueSize, key);
        var write = protection.Seal(
            new RowWrite { Value = old.Value, Format = RowFormat.Of(old.Value), Version = RowWrite.NewVersion(), Lifetime = old.Lifetime }, key);
        var affected = await RowStore.WriteAsync(connection, table, table.Statements.Writes.Insert.Alone, key, write, now).ConfigureAwait(false);
        return affected == 1 ? new Row { Value = write.Value!, Format = write.Format, Version = write.Version, Stored = old.Lifetime, Effective = old.Lifetime } : null;
    }

    private static ValueTask<Row?> ReadOwnAsync(StoreConnection connection, FoundTable table, CacheKey key) =>
        RowStore.ReadAsync(connection, table.Statements.Read, key);
}
