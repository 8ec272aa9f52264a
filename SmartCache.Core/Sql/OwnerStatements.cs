using SmartCache.Payloads;

namespace SmartCache.Sql;

/// <summary>The statements about the rows of one owner, for a table that has the column.</summary>
internal sealed class OwnerStatements
{
    private readonly Lazy<RowStatements> _rows;

    /// <param name="rows">Composes the statements about rows that write the owner, when they are first needed.</param>
    public OwnerStatements(SqlDialect dialect, CacheTable table, Func<RowStatements> rows)
    {
        _rows = new(rows);
        var isOwned = $"{table.Owner} = @owner AND {IsListed(table)}";
        var read =
            $"""
            SELECT {dialect.ReadKey(table)}, {table.Format}, OCTET_LENGTH({table.Value}), {table.CreatedAt}, {table.UpdatedAt},
              {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}
            FROM {table.Name}
            WHERE {isOwned}
            """;

        // Not every engine finds its way in an index by a comparison of several columns at once.
        Page = new SqlStatement(
            $"""
            {read}
              AND {table.CreatedAt} <= @created_at
              AND NOT ({table.CreatedAt} = @created_at AND ({table.Crc} > @crc OR ({table.Crc} = @crc AND {table.Key} >= @key)))
            ORDER BY {table.CreatedAt} DESC, {table.Crc} DESC, {table.Key} DESC
            {dialect.Limit}
            """,
            dialect);
        Find = new SqlStatement($"{read} AND {table.Crc} = @from_crc", dialect);
        Count = new SqlStatement($"SELECT COUNT(*) FROM {table.Name} WHERE {isOwned} AND {table.ExpiresAt} > @now", dialect);
        Remove = ManyRowStatement.Optional(
            dialect, rows => $"DELETE FROM {table.Name} WHERE {isOwned} AND ({string.Join(" OR ", Enumerable.Range(0, rows).Select(IsRow))})", isPadded: true)!;

        string IsRow(int row) => $"({table.Crc} = @crc_{row} AND {table.Key} = @key_{row})";
    }

    /// <summary>The statements about rows that write the owner.</summary>
    public RowStatements Rows => _rows.Value;

    /// <summary>The next rows after one, the newest first.</summary>
    public SqlStatement Page { get; }

    /// <summary>The rows with one CRC.</summary>
    public SqlStatement Find { get; }
    public SqlStatement Count { get; }

    /// <summary>Deletes those of several rows that still belong to the owner.</summary>
    public ManyRowStatement Remove { get; }

    /// <summary>The condition for rows that a directory lists.</summary>
    public static string IsListed(CacheTable table) => $"{table.Format} IN ({string.Join(", ", RowFormat.Listed)})";
}
