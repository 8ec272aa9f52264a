namespace SmartCache.Storage.Works;

/// <summary>One writing statement; gives the number of rows it affected.</summary>
internal sealed class ExecuteWork(SqlStatement statement, StatementArguments arguments) : StoreWork<int>
{
    public override bool Writes => true;

    public override ValueTask<int> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(statement, arguments, async, cancellationToken);
}
