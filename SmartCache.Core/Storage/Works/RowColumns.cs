using System.Data.Common;
using SmartCache.Expiration;

namespace SmartCache.Storage.Works;

/// <summary>Columns that several statements give in the same order.</summary>
internal static class RowColumns
{
    /// <summary>Expiry, sliding window and absolute expiry, from a column on.</summary>
    public static Lifetime Lifetime(DbDataReader row, int first) =>
        new(row.GetInt64(first), NullableInt64(row, first + 1), NullableInt64(row, first + 2));

    private static long? NullableInt64(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
