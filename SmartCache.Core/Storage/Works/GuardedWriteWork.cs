namespace SmartCache.Storage.Works;

/// <summary>One guarded statement; false if the row is not what it was.</summary>
internal sealed class GuardedWriteWork(StatementSet statements, SqlDialect dialect, GuardedStatement guarded, StatementArguments arguments) : StoreWork<bool>
{
    public override bool Writes => true;

    public override async ValueTask<bool> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        try
        {
            return await statements.Limits.WriteAsync(connection, guarded.Alone, arguments, async, cancellationToken).ConfigureAwait(false) == 1;
        }
        catch (Exception exception) when (dialect.IsLostRace(exception))
        {
            // The statement stood alone: with it its transaction has ended.
            connection.IsInTransaction = false;
            return false;
        }
    }
}
