namespace RaceLab.Contenders;

/// <summary>The statements of <see cref="LastWriterWinsCache"/>.</summary>
/// <param name="KeyType">The engine's type for a key.</param>
/// <param name="ValueType">The engine's type for bytes.</param>
internal sealed record LastWriterWinsSql(string KeyType, string ValueType)
{
    /// <summary>A name that no table of anyone else's has.</summary>
    public const string TableName = "racelab_last_writer_wins";

    private const string MoveExpiry =
        $"""
        UPDATE {TableName}
        SET expires_at = CASE
          WHEN absolute_at IS NULL OR absolute_at > @now + sliding_ms THEN @now + sliding_ms
          ELSE absolute_at
        END
        WHERE cache_key = @key
          AND expires_at > @now
          AND sliding_ms IS NOT NULL
        """;

    public string CreateTable { get; } =
        $"""
        CREATE TABLE {TableName} (
          cache_key {KeyType} NOT NULL PRIMARY KEY,
          expires_at BIGINT NOT NULL,
          sliding_ms BIGINT NULL,
          absolute_at BIGINT NULL,
          value {ValueType} NOT NULL
        )
        """;

    public string Read { get; } =
        $"""
        {MoveExpiry};
        SELECT value
        FROM {TableName}
        WHERE cache_key = @key
          AND expires_at > @now
        """;

    public string Refresh { get; } = MoveExpiry;

    /// <summary>For engines that spell an upsert otherwise, to be set.</summary>
    public string Upsert { get; init; } =
        $"""
        INSERT INTO {TableName} (cache_key, expires_at, sliding_ms, absolute_at, value)
        VALUES (@key, @expires_at, @sliding_ms, @absolute_at, @value)
        ON CONFLICT (cache_key) DO UPDATE
        SET expires_at = excluded.expires_at,
          sliding_ms = excluded.sliding_ms,
          absolute_at = excluded.absolute_at,
          value = excluded.value
        """;

    public string Remove { get; } =
        $"""
        DELETE FROM {TableName}
        WHERE cache_key = @key
        """;
}
