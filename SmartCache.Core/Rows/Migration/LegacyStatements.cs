using System.Text;
using SmartCache.Connections;
using SmartCache.Sql;

namespace SmartCache.Rows.Migration;

/// <summary>
/// The statements about an old table, composed once. A transaction that writes both tables locks the old row first: a removal
/// therefore waits for a migration of the same key, and then finds the migrated row.
/// </summary>
internal sealed class LegacyStatements
{
    private const string Option = nameof(SmartCacheOptions.LegacyTable);

    private readonly LegacyTable _legacy;
    private readonly string _tableName;
    private readonly SqlStatement _describe;

    public LegacyStatements(SqlDialect dialect, LegacyTable legacy, RowStatements own)
    {
        _legacy = legacy;
        var table = new CacheTable(dialect, legacy.SchemaName, legacy.TableName, new CacheColumns());
        var key = dialect.Quote(legacy.KeyColumn);

        // The first condition finds the row by the old table's index, whatever its collation takes for equal; the second decides.
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

        _tableName = table.Name;
        _describe = new SqlStatement(dialect.DescribeTable(table), dialect) { IsRare = true };
        LookUp = new SqlStatement($"{read}\nUNION ALL\nSELECT NULL, NULL, NULL, NULL {own.FromThisKey}", dialect);
        Locked = new LockedRead(dialect, $"{read}\n{dialect.ForUpdate}");
        Delete = new GuardedStatement(dialect, delete);
        DeleteAndUpsert = dialect.InOneTransaction(delete, own.UpsertText);
        DeleteAndRemove = dialect.InOneTransaction(delete, own.RemoveText);
    }

    /// <summary>Whether the old key column can hold more than ASCII; found out on first use.</summary>
    public bool TakesAnyText { get; set; }

    /// <summary>
    /// Reads the old row, and tells by a row of nulls whether there is a new one. One statement sees a migration by another request
    /// as a whole: two would look at the new table before it and at the old one after it, and find nothing.
    /// </summary>
    public SqlStatement LookUp { get; }

    /// <summary>Begins the transaction of a migration.</summary>
    public LockedRead Locked { get; }
    public GuardedStatement Delete { get; }

    /// <summary>Deletes the old row and writes the new one.</summary>
    public SqlStatement DeleteAndUpsert { get; }

    /// <summary>Deletes both rows.</summary>
    public SqlStatement DeleteAndRemove { get; }

    /// <summary>Whether the old key column can hold a key at all. Not every engine's texts take a NUL.</summary>
    public bool CanHold(CacheKey key) => !key.PlainBytes.Contains((byte)0) && (TakesAnyText || Ascii.IsValid(key.PlainBytes));

    /// <summary>Runs <see cref="LookUp"/> or the locked read.</summary>
    public ValueTask<List<LegacyRow?>> ReadAsync(StoreConnection connection, SqlStatement read, CacheKey key) =>
        read.ListAsync(connection, new SqlValues { Key = key }, row => LegacyRow.From(row, _legacy));

    /// <summary>
    /// Finds out on first use whether the old table exists, has the columns described, and can be read and deleted from: by its
    /// description, and by a try with a key that no row has.
    /// </summary>
    /// <returns>Whether the key column can hold any text.</returns>
    public async ValueTask<bool> CheckAsync(StoreConnection connection, SqlDialect dialect)
    {
        try
        {
            var columns = await _describe.ListAsync(connection, default, TableColumn.Read).ConfigureAwait(false);
            ThrowIfUnfit(columns);
            await TryAsync(connection).ConfigureAwait(false);
        }
        catch (DbException exception) when (!dialect.IsTransient(exception))
        {
            throw new InvalidOperationException(
                $"{Option}: rows cannot be migrated from {_tableName}. This user must be able to SELECT … FOR UPDATE and DELETE there, "
                + $"and each column must be stored as described. The server says: {exception.Message}",
                exception);
        }

        try
        {
            // MySQL refuses to compare a column of one character set with a text that only another one can hold.
            await ReadAsync(connection, LookUp, CacheKey.From($"{Guid.NewGuid()} \u0436 \U0001F600")).ConfigureAwait(false);
            return true;
        }
        catch (DbException exception) when (!dialect.IsTransient(exception))
        {
            return false;
        }
    }

    private void ThrowIfUnfit(List<TableColumn> columns)
    {
        if (columns.Count == 0)
        {
            throw new InvalidOperationException(
                $"{Option}: the table {_tableName} does not exist for this user. If you dropped it because every row was migrated, remove the option.");
        }

        // SQLite would take the quoted name of a missing column for a text.
        var missing = _legacy.Columns().FirstOrDefault(
            column => column.Name is { } name && !columns.Exists(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        if (missing.Name is not null)
            throw new InvalidOperationException($"{Option}.{missing.Option}: the table {_tableName} has no column {missing.Name}.");
    }

    private async ValueTask TryAsync(StoreConnection connection)
    {
        var unusedKey = CacheKey.From(Guid.NewGuid().ToString());
        connection.IsInTransaction = Locked.RollBack is not null;
        await ReadAsync(connection, Locked.BeginAndRead, unusedKey).ConfigureAwait(false);
        await Delete.Alone.ExecuteAsync(connection, new SqlValues { Key = unusedKey }).ConfigureAwait(false);
        if (Locked.RollBack is { } rollBack)
            await rollBack.ExecuteAsync(connection, default).ConfigureAwait(false);

        connection.IsInTransaction = false;
    }

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
