using SmartCache.Benchmarks.Growth.Tables;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>The statements on single rows. A row's version is its key's number and stays that, so that every guard holds.</summary>
internal static class RowStatements
{
    public static string Of(Operation operation, GrowthTable table) => operation switch
    {
        Operation.Found or Operation.Absent => $"SELECT value, version, expires_at FROM {table.Name} WHERE {table.Layout.ThisRow}",
        Operation.Update =>
            $"""
            UPDATE {table.Name}
            SET value = @value, version = @version, expires_at = @later, updated_at = @now
            WHERE {table.Layout.ThisRow} AND version = @version
            """,
        Operation.Insert =>
            $"""
            INSERT INTO {table.Name} (key_crc32, cache_key, value, format, version, expires_at, created_at, updated_at)
            VALUES (@crc, @key, @value, 0, @version, @later, @now, @now)
            """,
        Operation.Remove => $"DELETE FROM {table.Name} WHERE {table.Layout.ThisRow}",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };
}
