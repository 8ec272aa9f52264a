namespace SmartCache.Benchmarks.Engines;

/// <summary>What an engine has counted so far.</summary>
/// <param name="Statements">Statements run, resets of a connection included, without those that only begin or end a transaction.</param>
/// <param name="TransactionControl">Statements that begin or end a transaction or a savepoint.</param>
/// <param name="RowsWritten">Rows inserted, updated or deleted.</param>
/// <param name="LogBytes">Bytes written to the log; for SQLite, all bytes that the process wrote.</param>
/// <param name="Pings">Requests to the server that are no statements (MySQL family).</param>
internal readonly record struct Counts(long Statements, long TransactionControl, long RowsWritten, long LogBytes, long Pings)
{
    public static Counts operator -(Counts left, Counts right) => new(
        left.Statements - right.Statements,
        left.TransactionControl - right.TransactionControl,
        left.RowsWritten - right.RowsWritten,
        left.LogBytes - right.LogBytes,
        left.Pings - right.Pings);
}
