using System.Data.Common;
using System.Globalization;

namespace SmartCache.Storage;

/// <summary>A column as the database describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MaxBytes">How many bytes it holds; null if there is no limit worth knowing.</param>
/// <param name="TableHasKey">Whether the table has a unique key of exactly the crc and the key.</param>
/// <param name="MaxStatementBytes">How large a statement the server takes; null if any.</param>
/// <param name="KeyIndex">What the index of that key is called; null if the dialect does not ask.</param>
internal sealed record TableColumn(string Name, long? MaxBytes, bool TableHasKey, long? MaxStatementBytes, string? KeyIndex)
{
    public static TableColumn Read(DbDataReader row) => new(
        row.GetString(0), Number(row, 1), Number(row, 2) != 0, Number(row, 3), row.FieldCount > 4 && !row.IsDBNull(4) ? row.GetString(4) : null);

    private static long? Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}
