using System.Data.Common;

namespace SmartCache.Engines;

/// <summary>What a counter leaves out.</summary>
/// <param name="WithTouches">Whether SmartCache's batches of touches count.</param>
/// <param name="Except">A table whose statements do not count, if the engine can tell them apart; null for none.</param>
public sealed record CounterOptions(bool WithTouches = true, string? Except = null);

/// <summary>The counts of an engine up to now.</summary>
/// <param name="Statements">Statements run, resets of a connection included, without those that only begin or end a transaction.</param>
/// <param name="TransactionControl">Statements that begin or end a transaction or a savepoint.</param>
/// <param name="RowsWritten">Rows inserted, updated or deleted.</param>
/// <param name="LogBytes">Bytes written to the log; for SQLite, all bytes that the process wrote.</param>
/// <param name="Pings">Commands other than statements (MySQL family).</param>
/// <param name="PagesRequested">Pages requested from the server's buffer.</param>
/// <param name="PagesRead">Pages that were not in the buffer and were read from a file.</param>
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

/// <summary>The database's own counts, for all caches on it.</summary>
public abstract class StatementCounter : IAsyncDisposable
{
    /// <summary>The engine's version, and anything unusual about how it counts.</summary>
    public abstract string Version { get; }

    /// <summary>What is counted, and by whom.</summary>
    public abstract string HowCounted { get; }

    /// <summary>Creates a data source for a cache whose statements are counted.</summary>
    public abstract DbDataSource CreateDataSource(string connectionString);

    /// <summary>Connects SmartCache so that its statements are counted, by its connection string if that is enough.</summary>
    public virtual void Connect(SmartCacheOptions options, string connectionString) => options.ConnectionString = connectionString;

    public abstract ValueTask<Counts> CountAsync(CancellationToken cancellationToken);

    /// <summary>The connections that the server has now, without the counter's own; null if the database is in the process.</summary>
    public virtual ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken) => new((long?)null);

    public abstract ValueTask DisposeAsync();
}

/// <summary>The database's own list of what one cache, and nothing else, makes it do.</summary>
public abstract class StatementAccount : IAsyncDisposable
{
    /// <summary>The entry for a statement that begins, describes or commits a transaction.</summary>
    public const string Transaction = "transaction";

    /// <summary>How often the cache waited for an answer of the server; null if the database is in the process.</summary>
    public abstract long? RoundTrips { get; }

    /// <summary>Connects a cache so that its statements can be told apart from those of others.</summary>
    public abstract void Connect(SmartCacheOptions options);

    /// <summary>
    /// Returns what ran since the last call: the first word of each statement in capitals, and the name of every other
    /// command, such as a ping or the reset of a connection.
    /// </summary>
    public abstract IReadOnlyList<string> Take();

    public abstract ValueTask DisposeAsync();

    /// <summary>The first word of a statement, or <see cref="Transaction"/>.</summary>
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
