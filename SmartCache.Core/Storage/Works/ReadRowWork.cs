using System.Data.Common;
using SmartCache.Keys;

namespace SmartCache.Storage.Works;

/// <summary>Reads the row of a key, whatever its expiry.</summary>
internal sealed class ReadRowWork(SqlStatement read, CacheKey key) : StoreWork<CacheRow?>
{
    public override bool Writes => false;

    public override ValueTask<CacheRow?> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken) =>
        ReadAsync(connection, read, key, async, cancellationToken);

    public static ValueTask<CacheRow?> ReadAsync(
        StoreConnection connection, SqlStatement read, CacheKey key, bool async, CancellationToken cancellationToken) =>
        connection.QueryAsync(read, new StatementArguments { Key = key }, default(CacheRow), Add, async, cancellationToken);

    /// <summary>
    /// Only where a node that does not hash keys has written beside one that does, there are two: the hashed one is it.
    /// </summary>
    private static CacheRow? Add(CacheRow? other, DbDataReader row) => other is { IsUnderPlainKey: false } ? other : new(
        row.GetFieldValue<byte[]>(0),
        row.GetInt32(1),
        row.GetInt64(2),
        RowColumns.Lifetime(row, 3),
        row.FieldCount == 6 || row.IsDBNull(6) ? default : new RecentStamps(row.GetFieldValue<byte[]>(6)),
        IsUnderPlainKey: row.FieldCount > 7 && row.GetInt32(7) != 0);
}
