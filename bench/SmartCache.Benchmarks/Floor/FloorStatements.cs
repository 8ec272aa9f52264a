namespace SmartCache.Benchmarks.Floor;

/// <summary>The three statements that a session store cannot do without, on a table like SmartCache's own.</summary>
internal static class FloorStatements
{
    public const string TableName = "bench_floor";

    public const string Select =
        $"""
        SELECT value, version, expires_at
        FROM {TableName}
        WHERE key_crc32 = @crc AND cache_key = @key
        """;

    public const string Update =
        $"""
        UPDATE {TableName}
        SET value = @value, version = @version, expires_at = @expires_at, updated_at = @now
        WHERE key_crc32 = @crc AND cache_key = @key
        """;

    public const string Insert =
        $"""
        INSERT INTO {TableName} (key_crc32, cache_key, value, format, version, expires_at, sliding_ms, created_at, updated_at)
        VALUES (@crc, @key, @value, 1, @version, @expires_at, @sliding_ms, @now, @now)
        """;
}
