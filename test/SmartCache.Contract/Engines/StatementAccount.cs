namespace SmartCache.Contract.Engines;

/// <summary>A database's own account of what one cache, and nobody else, has it do.</summary>
public abstract class StatementAccount : IAsyncDisposable
{
    /// <summary>What stands in an account for a statement that begins, describes or commits a transaction.</summary>
    public const string Transaction = "transaction";

    /// <summary>How often the cache waited for an answer of the server; null where the database is in the process.</summary>
    public abstract long? RoundTrips { get; }

    /// <summary>Has a cache work on connections whose statements are told apart from those of others.</summary>
    public abstract void Connect(SmartCacheOptions options);

    /// <summary>
    /// What ran since the last call: the first word of each statement in capitals, and the name of every command that
    /// is none, such as a ping or the reset of a connection.
    /// </summary>
    public abstract IReadOnlyList<string> Take();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>The first word of a statement; of one that begins, ends or describes a transaction, that it does.</summary>
    protected static string Verb(string statement)
    {
        var words = statement.Split([' ', '\n', ';'], 3, StringSplitOptions.RemoveEmptyEntries);
        return words[0].ToUpperInvariant() switch
        {
            "BEGIN" or "START" or "COMMIT" => Transaction,
            "SET" when words[1] == "TRANSACTION" => Transaction,
            var verb => verb,
        };
    }
}
