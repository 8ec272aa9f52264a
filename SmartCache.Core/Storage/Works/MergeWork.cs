using SmartCache.Keys;

namespace SmartCache.Storage.Works;

/// <summary>
/// The locked merge: lock and read the row, decide, write, in one transaction of two round trips, or three where the
/// COMMIT takes one of its own. The write is guarded by the version just read all the same: row locks do not reach the
/// other nodes of a multi-master cluster.
/// </summary>
internal sealed class MergeWork(StatementSet statements, SqlDialect dialect, CacheKey key, IMerge merge, long now) : StoreWork<bool>
{
    public override bool Writes => true;

    /// <returns>False if the guard found the row changed: read it again.</returns>
    public override async ValueTask<bool> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        var rollBack = statements.Merge.RollBack;
        connection.IsInTransaction = rollBack is not null;
        var row = await ReadRowWork.ReadAsync(connection, statements.Merge.BeginAndRead, key, async, cancellationToken).ConfigureAwait(false);
        var step = merge.Decide(row);
        if (step.Action == MergeAction.None)
        {
            if (rollBack is not null)
            {
                await connection.ExecuteAsync(rollBack, default, async, cancellationToken).ConfigureAwait(false);
                connection.IsInTransaction = false;
            }

            return true;
        }

        var arguments = new StatementArguments { Key = key, Write = step.Write, OldVersion = step.OldVersion, Now = now };
        int affected;
        try
        {
            affected = await statements.Limits.WriteAsync(
                connection, statements.For(step).AndCommit, arguments, async, cancellationToken).ConfigureAwait(false);
            connection.IsInTransaction = false;
        }
        catch (Exception exception) when (dialect.IsLostRace(exception))
        {
            // Its transaction is still to be rolled back, unless each work is given one of its own.
            connection.IsInTransaction = rollBack is not null;
            affected = 0;
        }

        // Some drivers count only rows whose values changed, and two stores may set the same expiry; it loses nothing.
        if (affected == 1 || step.Action == MergeAction.UpdateExpiry)
        {
            return true;
        }

        if (affected == 0)
        {
            // For certain, also if a run before this one failed: each decides anew, and writes under a stamp of its own.
            merge.Refused();
        }

        return false;
    }
}
