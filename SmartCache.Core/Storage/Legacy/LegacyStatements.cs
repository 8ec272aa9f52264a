using System.Text;
using SmartCache.Keys;

namespace SmartCache.Storage.Legacy;

/// <summary>
/// The statements that know the old table, composed once. Whoever writes both tables takes the old row's lock first:
/// so a removal waits for a move of the same key, and then finds what it has moved.
/// </summary>
internal sealed class LegacyStatements
{
    private readonly LegacyTable _legacy;

    /// <param name="dialect">The engine's SQL.</param>
    /// <param name="legacy">The old table.</param>
    /// <param name="exists">What gives a row of four nulls if we have a row.</param>
    /// <param name="upsert">What writes our row.</param>
    /// <param name="remove">What deletes it.</param>
    public LegacyStatements(SqlDialect dialect, LegacyTable legacy, string exists, string upsert, string remove)
    {
        _legacy = legacy;
        var table = new CacheTable(dialect, legacy.SchemaName, legacy.TableName, new CacheColumns());
        var key = dialect.Quote(legacy.KeyColumn);

        // The first finds the row by the old table's own index, whatever its collation takes for equal; the second decides.
        var thisKey = $"{key} = @legacy_key AND {dialect.LegacyKeyBytes(key)} = @plain_key";
        var read =
            $"""
            SELECT {dialect.Quote(legacy.ValueColumn)},
              {Moment(dialect, legacy.ExpiresAtColumn, legacy.ExpiresAtStoredAs)},
              {Span(dialect, legacy.SlidingColumn, legacy.SlidingStoredAs)},
              {Moment(dialect, legacy.AbsoluteColumn, legacy.AbsoluteStoredAs)}
            FROM {table.Name}
            WHERE {thisKey}
            """;
        var delete = $"DELETE FROM {table.Name} WHERE {thisKey}";

        TableName = table.Name;
        Describe = new SqlStatement(dialect.DescribeTable(table), dialect) { IsRare = true };
        LookUp = new SqlStatement($"{read}\nUNION ALL\n{exists}", dialect);
        Locked = new MergeStatements(dialect, $"{read}\n{dialect.ForUpdate}");
        Delete = new GuardedStatement(dialect, delete);
        DeleteAndUpsert = dialect.InOneTransaction(delete, upsert);
        DeleteAndRemove = dialect.InOneTransaction(delete, remove);
    }

    public string TableName { get; }

    /// <summary>Whether the key column can hold more than ASCII, as the first use finds out.</summary>
    public bool TakesAnyText { get; set; }

    public SqlStatement Describe { get; }

    /// <summary>
    /// Reads the row there, and tells whether meanwhile we have one: in one statement, which sees a move by another
    /// request as a whole. Two would look here before it and there after it, and find nothing.
    /// </summary>
    public SqlStatement LookUp { get; }

    /// <summary>Begins the transaction of a move and reads the row locked.</summary>
    public MergeStatements Locked { get; }

    /// <summary>Deletes the row of the old table.</summary>
    public GuardedStatement Delete { get; }

    /// <summary>Deletes the row there and writes ours.</summary>
    public SqlStatement DeleteAndUpsert { get; }

    /// <summary>Deletes the row there and ours.</summary>
    public SqlStatement DeleteAndRemove { get; }

    /// <summary>Whether the key column can hold a key at all. Not every engine's texts take a NUL.</summary>
    public bool CanHold(CacheKey key) => !key.PlainBytes.Contains((byte)0) && (TakesAnyText || Ascii.IsValid(key.PlainBytes));

    /// <summary>Runs <see cref="LookUp"/> or the locked read.</summary>
    public ValueTask<List<LegacyRow?>> ReadAsync(
        StoreConnection connection, SqlStatement read, CacheKey key, bool async, CancellationToken cancellationToken) =>
        connection.ListAsync(
            read, new StatementArguments { Key = key }, row => LegacyRow.From(row, _legacy), async, cancellationToken);

    private static string Moment(SqlDialect dialect, string? column, LegacyTime storedAs) => column is null ? "NULL" : storedAs switch
    {
        LegacyTime.Timestamp => dialect.LegacyUnixMilliseconds(dialect.Quote(column), hasTimeZone: false)!,
        LegacyTime.TimestampWithTimeZone => dialect.LegacyUnixMilliseconds(dialect.Quote(column), hasTimeZone: true)!,
        _ => dialect.Quote(column),
    };

    private static string Span(SqlDialect dialect, string? column, LegacySpan storedAs) =>
        column is null ? "NULL"
        : storedAs == LegacySpan.Interval ? dialect.LegacyIntervalMilliseconds(dialect.Quote(column))!
        : dialect.Quote(column);
}
