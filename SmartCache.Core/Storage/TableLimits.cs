using System.Data.Common;
using SmartCache.Keys;

namespace SmartCache.Storage;

/// <summary>
/// How much the table's columns and the server's statements hold. Columns are checked here, since a server in a lax
/// mode cuts what does not fit and reports success.
/// </summary>
internal sealed class TableLimits(SqlDialect dialect, CacheTable table, List<TableColumn> columns)
{
    private readonly long? _keyBytes = MaxBytes(columns, table.BareKey);
    private readonly long _valueBytes = MaxBytes(columns, table.BareValue) ?? long.MaxValue;
    private readonly long _statementBytes = columns[0].MaxStatementBytes ?? long.MaxValue;

    /// <summary>Runs a statement that writes a value, if it fits.</summary>
    public async ValueTask<int> WriteAsync(
        StoreConnection connection, SqlStatement statement, StatementArguments arguments, bool async, CancellationToken cancellationToken)
    {
        var (key, value) = (arguments.Key, arguments.Write.Value);
        if (key.Bytes.Length > _keyBytes)
        {
            throw new ArgumentException($"The key has {key.Bytes.Length} bytes as UTF-8; the column {table.BareKey} of {table.Name} holds {_keyBytes}.");
        }

        // Not left to the server: it closes the connection on what is too large, and the driver may see only that.
        CacheValueTooLargeException.ThrowIfLarger(value, Math.Min(_valueBytes, _statementBytes), key);
        try
        {
            return await connection.ExecuteAsync(statement, arguments, async, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception) when (dialect.IsTooLarge(exception))
        {
            throw new CacheValueTooLargeException(key, value, _statementBytes, exception);
        }
    }

    public void ThrowIfNoHashFits()
    {
        if (CacheKey.HashLength > _keyBytes)
        {
            throw new InvalidOperationException(
                $"{nameof(SmartCacheOptions.StoreKeyHash)}: the column {table.BareKey} of {table.Name} holds {_keyBytes} bytes; a hash takes {CacheKey.HashLength}.");
        }
    }

    private static long? MaxBytes(List<TableColumn> columns, string name) =>
        columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).MaxBytes;
}
