using System.Data.Common;

namespace SmartCache.Engines;

/// <summary>What is to be left out of the counts.</summary>
/// <param name="WithTouches">Whether the batches count in which SmartCache writes that sessions were used.</param>
/// <param name="Except">The name of a table whose statements do not count, where the engine can tell; null for none.</param>
public sealed record CounterOptions(bool WithTouches = true, string? Except = null);

/// <summary>What an engine has counted so far.</summary>
/// <param name="Statements">Statements run, resets of a connection included, without those that only begin or end a transaction.</param>
/// <param name="TransactionControl">Statements that begin or end a transaction or a savepoint.</param>
/// <param name="RowsWritten">Rows inserted, updated or deleted.</param>
/// <param name="LogBytes">Bytes written to the log; for SQLite, all bytes that the process wrote.</param>
/// <param name="Pings">Requests to the server that are no statements (MySQL family).</param>
/// <param name="PagesRequested">Pages asked of the server's buffer.</param>
/// <param name="PagesRead">Pages that were not there, and were read from a file.</param>
public readonly record struct Counts(
    long Statements, long TransactionControl, long RowsWritten, long LogBytes = 0, long Pings = 0, long PagesRequested = 0, long PagesRead = 0)
{
    public static Counts operator +(Counts left, Counts right) => new(
        left.Statements + right.Statements,
        left.TransactionControl + right.TransactionControl,
        left.RowsWritten + right.RowsWritten,
        left.LogBytes + right.LogBytes,
        left.Pings + right.Pings,
        left.PagesRequested + right.PagesRequested,
        left.PagesRead + right.PagesRead);

    public static Counts operator -(Counts left, Counts right) => left + new Counts(
        -right.Statements, -right.TransactionControl, -right.RowsWritten, -right.LogBytes, -right.Pings, -right.PagesRequested, -right.PagesRead);
}

/// <summary>A database's own counts, all caches on it included.</summary>
public abstract class StatementCounter : IAsyncDisposable
{
    /// <summary>The engine's version, and what it counts if that is not a matter of course.</summary>
    public abstract string Version { get; }

    /// <summary>What is counted, and by whom.</summary>
    public abstract string HowCounted { get; }

    /// <summary>Connections whose statements are counted, of a cache that has a data source of its own.</summary>
    public abstract DbDataSource CreateDataSource(string connectionString);

    /// <summary>Has SmartCache work on connections whose statements are counted; by its connection string where that will do.</summary>
    public virtual void Connect(SmartCacheOptions options, string connectionString) => options.ConnectionString = connectionString;

    public abstract ValueTask<Counts> CountAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

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
