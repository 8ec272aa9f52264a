namespace SmartCache.Storage.Works;

/// <summary>One guarded statement that a merge decided; false if the row is not what it was.</summary>
internal sealed class GuardedWriteWork(
    StatementSet statements, SqlDialect dialect, GuardedStatement guarded, StatementArguments arguments, IMerge merge) : StoreWork<bool>
{
    private bool _hasFailed;

    public override bool Writes => true;

    public override async ValueTask<bool> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        // A run that failed may have written all the same, and then it is its own write that the next one meets.
        var isFirst = !_hasFailed;
        _hasFailed = true;
        var affected = await WriteAsync(connection, async, cancellationToken).ConfigureAwait(false);
        _hasFailed = false;
        if (affected == 0 && isFirst)
        {
            merge.Refused();
        }

        // An insert that found a row counts it as 2 on MySQL, whether it took its place or not.
        return affected == 1;
    }

    private async ValueTask<int> WriteAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        try
        {
            return await statements.Limits.WriteAsync(connection, guarded.Alone, arguments, async, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (dialect.IsLostRace(exception))
        {
            // The statement stood alone: with it its transaction has ended.
            connection.IsInTransaction = false;
            return 0;
        }
    }
}
