namespace SmartCache.Storage;

/// <summary>A write that affects one row, or none if the row is not what it was: alone, and as the end of a locked merge.</summary>
internal sealed class GuardedStatement(SqlDialect dialect, string text)
{
    public SqlStatement Alone { get; } = new(text, dialect);

    /// <summary>With the COMMIT, if possible in the same text, and so in the same round trip.</summary>
    public SqlStatement AndCommit { get; } = SqlStatement.Committing(text, dialect);
}
