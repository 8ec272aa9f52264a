using System.Globalization;

namespace SmartCache.Sql;

/// <summary>A column as the database describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MaxBytes">How many bytes it holds; null if there is no limit worth knowing.</param>
/// <param name="TableHasKey">Whether the table has a unique key of exactly the CRC and the key.</param>
/// <param name="MaxStatementBytes">The largest statement that the server takes; null if there is no limit.</param>
/// <param name="KeyIndex">The name of that key's index; null if the dialect does not ask for it.</param>
internal sealed record TableColumn(string Name, long? MaxBytes, bool TableHasKey, long? MaxStatementBytes, string? KeyIndex)
{
    public static TableColumn Read(DbDataReader row) => new(
        row.GetString(0), Number(row, 1), Number(row, 2) != 0, Number(row, 3), row.FieldCount > 4 && !row.IsDBNull(4) ? row.GetString(4) : null);

    private static long? Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}

/// <summary>What the table's columns and the server's statements can hold.</summary>
internal sealed class TableLayout
{
    private readonly CacheTable _table;
    private readonly long? _keyBytes;
    private readonly long _valueBytes;
    private readonly long? _ownerBytes;

    /// <exception cref="InvalidOperationException">The table is not one that the cache can use.</exception>
    public TableLayout(CacheTable table, List<TableColumn> columns, bool hashesKeys)
    {
        var missing = table.BareColumns.Except(columns.Select(column => column.Name), StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException(
                $"The table {table.Name} has no column {string.Join(", ", missing)}. It is another table, or has another layout: "
                + $"choose a different {nameof(SmartCacheOptions.TableName)}, name its columns in {nameof(SmartCacheOptions.Columns)}, or add them.");
        }

        if (!columns[0].TableHasKey)
        {
            throw new InvalidOperationException(
                $"The table {table.Name} has no primary or unique key of exactly ({table.BareCrc}, {table.BareKey}). Without it, a key could get two rows. Add it.");
        }

        _table = table;
        _keyBytes = MaxBytes(columns, table.BareKey);
        StatementBytes = columns[0].MaxStatementBytes ?? long.MaxValue;
        HasOwner = columns.Exists(column => column.Name.Equals(table.BareOwner, StringComparison.OrdinalIgnoreCase));
        _ownerBytes = HasOwner ? MaxBytes(columns, table.BareOwner) : null;
        _valueBytes = Math.Min(MaxBytes(columns, table.BareValue) ?? long.MaxValue, StatementBytes);
        if (hashesKeys && CacheKey.HashLength > _keyBytes)
        {
            throw new InvalidOperationException(
                $"{nameof(SmartCacheOptions.StoreKeyHash)}: the column {table.BareKey} of {table.Name} holds {_keyBytes} bytes; a hash takes {CacheKey.HashLength}.");
        }
    }

    public long StatementBytes { get; }

    /// <summary>Whether the table has the owner column.</summary>
    public bool HasOwner { get; }

    /// <summary>Checks that the table can hold owners.</summary>
    /// <param name="asking">The option or interface that needs them.</param>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
    public void ThrowIfWithoutOwner(SqlDialect dialect, string asking)
    {
        if (!HasOwner)
        {
            throw new InvalidOperationException(
                $"{asking}: the table {_table.Name} has no column {_table.BareOwner}. Add it, and its index:\n{dialect.AddOwner(_table)}");
        }

        if (_ownerBytes < SessionOwner.MaxLength)
        {
            throw new InvalidOperationException(
                $"{asking}: the column {_table.BareOwner} of {_table.Name} holds {_ownerBytes} bytes; an owner takes up to {SessionOwner.MaxLength}.");
        }
    }

    /// <summary>
    /// Checks that a row fits. A server in a lax mode would truncate it and report success; and a server closes the connection
    /// on a statement that is too large, so that the driver may report only that.
    /// </summary>
    public void ThrowIfUnfit(CacheKey key, byte[] value)
    {
        if (key.Length > _keyBytes)
            throw new ArgumentException($"The key has {key.Length} bytes as UTF-8; the column {_table.BareKey} of {_table.Name} holds {_keyBytes}.");

        CacheValueTooLargeException.ThrowIfLarger(value, _valueBytes, key);
    }

    private static long? MaxBytes(List<TableColumn> columns, string name) =>
        columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).MaxBytes;
}
