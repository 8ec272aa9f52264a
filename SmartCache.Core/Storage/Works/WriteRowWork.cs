namespace SmartCache.Storage.Works;

/// <summary>One statement that writes a value; gives the number of rows it affected.</summary>
internal sealed class WriteRowWork(StatementSet statements, SqlStatement statement, StatementArguments arguments) : StoreWork<int>
{
    public override bool Writes => true;

    public override ValueTask<int> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken) =>
        statements.Limits.WriteAsync(connection, statement, arguments, async, cancellationToken);
}
