namespace RaceLab.Engines;

/// <summary>What a database counted for one of the caches.</summary>
/// <param name="Statements">Statements run, resets of a connection included, without those that open a connection or only begin or end a transaction.</param>
/// <param name="TransactionControl">Statements that begin or end a transaction or a savepoint.</param>
/// <param name="RowsWritten">Rows inserted, updated or deleted.</param>
internal readonly record struct DatabaseCounts(long Statements, long TransactionControl, long RowsWritten)
{
    public static DatabaseCounts operator +(DatabaseCounts left, DatabaseCounts right) => new(
        left.Statements + right.Statements,
        left.TransactionControl + right.TransactionControl,
        left.RowsWritten + right.RowsWritten);

    public static DatabaseCounts operator -(DatabaseCounts left, DatabaseCounts right) => new(
        left.Statements - right.Statements,
        left.TransactionControl - right.TransactionControl,
        left.RowsWritten - right.RowsWritten);
}
