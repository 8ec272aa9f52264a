namespace SmartCache.Storage;

/// <summary>What surrounds the write of a locked merge.</summary>
internal sealed class MergeStatements(SqlDialect dialect, string readLocked)
{
    /// <summary>Begins the transaction, locks the row and reads it, in one round trip.</summary>
    public SqlStatement BeginAndRead { get; } = new(dialect.BeginMerge is { } begin ? $"{begin};\n{readLocked}" : readLocked, dialect);

    /// <summary>Ends the transaction of a merge that writes nothing; null where the connection source does.</summary>
    public SqlStatement? RollBack { get; } = SqlStatement.Optional(dialect.BeginMerge is null ? null : "ROLLBACK", dialect);
}
