using SmartCache.Keys;
using SmartCache.Storage.Protection;
using SmartCache.Storage.Works;

namespace SmartCache.Storage.Legacy;

/// <summary>
/// Moves a live row of the old table into ours, in one transaction: lock it, insert it unless we have a row, delete
/// it. Gives our row after that, whoever wrote it: of two movers the second waits for the first, and finds its row.
/// </summary>
internal sealed class MoveInWork(
    StatementSet statements, CacheKey key, long now, Func<byte[], int> formatOf, int maxValueSize, PayloadProtection protection) : StoreWork<CacheRow?>
{
    public override bool Writes => true;

    public override async ValueTask<CacheRow?> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var legacy = statements.Legacy!;
        var rollBack = legacy.Locked.RollBack;
        connection.IsInTransaction = rollBack is not null;
        var found = await legacy.ReadAsync(connection, legacy.Locked.BeginAndRead, key, async, cancellationToken).ConfigureAwait(false);
        CacheRow? moved = null;
        if (found is [{ } old] && old.Lifetime.IsLiveAt(now))
        {
            moved = await InsertAsync(connection, old, async, cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync(legacy.Delete.AndCommit, new StatementArguments { Key = key }, async, cancellationToken).ConfigureAwait(false);
        }
        else if (rollBack is not null)
        {
            await connection.ExecuteAsync(rollBack, default, async, cancellationToken).ConfigureAwait(false);
        }

        connection.IsInTransaction = false;
        return moved ?? await ReadRowWork.ReadAsync(connection, statements.Read, key, async, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>The row inserted; null if we have one.</returns>
    private async ValueTask<CacheRow?> InsertAsync(StoreConnection connection, LegacyRow old, bool async, CancellationToken cancellationToken)
    {
        CacheValueTooLargeException.ThrowIfLarger(old.Value, maxValueSize, key);
        var write = protection.Seal(new RowWrite(old.Value, formatOf(old.Value), Stamps.New(), old.Lifetime), key);
        var row = new CacheRow(write.Value, write.Format, write.Version, write.Lifetime);
        var arguments = new StatementArguments { Key = key, Write = write, Now = now };
        var affected = await statements.Limits.WriteAsync(connection, statements.Insert.Alone, arguments, async, cancellationToken).ConfigureAwait(false);
        return affected == 1 ? row : null;
    }
}
