namespace SmartCache.Sql;

/// <summary>The table as statements name it. Its names are validated and quoted, so a dialect may interpolate every member.</summary>
public sealed class CacheTable
{
    internal CacheTable(SqlDialect dialect, string? schema, string name, CacheColumns columns)
    {
        foreach (var bare in columns.All().Select(column => column.Name).Append(name).Concat(schema is null ? [] : [schema]))
        {
            // The options are validated long before. This is for callers that only want the script.
            if (dialect.FindFault(bare) is { } fault)
                throw new ArgumentException($"The name '{bare}' {fault}.");
        }

        BareSchema = schema;
        BareName = name;
        Name = schema is null ? dialect.Quote(name) : $"{dialect.Quote(schema)}.{dialect.Quote(name)}";
        Crc = dialect.Quote(columns.KeyCrc32);
        Key = dialect.Quote(columns.CacheKey);
        Value = dialect.Quote(columns.Value);
        Format = dialect.Quote(columns.Format);
        Version = dialect.Quote(columns.Version);
        RecentVersions = dialect.Quote(columns.RecentVersions);
        ExpiresAt = dialect.Quote(columns.ExpiresAt);
        SlidingMs = dialect.Quote(columns.SlidingMs);
        AbsoluteAt = dialect.Quote(columns.AbsoluteAt);
        CreatedAt = dialect.Quote(columns.CreatedAt);
        UpdatedAt = dialect.Quote(columns.UpdatedAt);
        Owner = dialect.Quote(columns.Owner);
        OwnerIndex = dialect.Quote(IndexName(dialect, name, "_owner"));
        BareCrc = columns.KeyCrc32;
        BareKey = columns.CacheKey;
        BareValue = columns.Value;
        BareOwner = columns.Owner;
        BareColumns = [.. columns.All().Where(static column => column.Option != nameof(columns.Owner)).Select(static column => column.Name)];
    }

    /// <summary>The table, with its schema if one is set.</summary>
    public string Name { get; }

    /// <summary>The table's name without quotes. It contains no character that could end a string literal.</summary>
    public string BareName { get; }

    /// <summary>The schema's name without quotes, or null for the connection's default.</summary>
    public string? BareSchema { get; }

    /// <summary>The name of the CRC column without quotes.</summary>
    public string BareCrc { get; }

    /// <summary>The name of the key column without quotes.</summary>
    public string BareKey { get; }

    /// <summary>The index of the unique key on CRC and key if <see cref="SqlDialect.DescribeTable"/> returns its name, else null.</summary>
    public string? KeyIndex { get; internal set; }
    internal string BareValue { get; }

    /// <summary>CRC-32 of the key: a 64-bit integer, 0 to 4,294,967,295.</summary>
    public string Crc { get; }

    /// <summary>The key's bytes, at most 1,024, compared byte by byte.</summary>
    public string Key { get; }

    /// <summary>The stored bytes, not null.</summary>
    public string Value { get; }

    /// <summary>What the stored bytes are: a 32-bit integer, not null.</summary>
    public string Format { get; }

    /// <summary>The version, which every write of the value changes: a 64-bit integer, not null.</summary>
    public string Version { get; }

    /// <summary>The row's recent versions: at most 1,024 bytes, null unless a merge rule needs them.</summary>
    public string RecentVersions { get; }

    /// <summary>64-bit integer, UTC Unix milliseconds, not null.</summary>
    public string ExpiresAt { get; }

    /// <summary>64-bit integer, milliseconds, or null.</summary>
    public string SlidingMs { get; }

    /// <summary>64-bit integer, UTC Unix milliseconds, or null.</summary>
    public string AbsoluteAt { get; }

    /// <summary>64-bit integer, UTC Unix milliseconds, not null.</summary>
    public string CreatedAt { get; }

    /// <summary>64-bit integer, UTC Unix milliseconds, not null.</summary>
    public string UpdatedAt { get; }

    /// <summary>Whose session the row is: a text of 255 bytes as UTF-8, or null, compared byte by byte. A table may lack it.</summary>
    public string Owner { get; }

    /// <summary>The index of the owner and the creation time.</summary>
    public string OwnerIndex { get; }

    /// <summary>Whether the statements that write a value write the owner too. If not, they must not name its column.</summary>
    public bool WritesOwner { get; internal set; }
    internal string BareOwner { get; }

    /// <summary>The columns that every table needs.</summary>
    internal IReadOnlyList<string> BareColumns { get; }

    /// <summary>
    /// The expiry that a save gives its row: a save that waited long does not take back what a later touch has moved forward under the same
    /// rule.
    /// </summary>
    /// <param name="row">What qualifies the row's columns, with a dot at the end, or nothing.</param>
    /// <param name="saved">The save's own value by its name.</param>
    internal string LaterExpiry(string row, Func<string, string> saved) =>
        $"""
        CASE
            WHEN {row}{ExpiresAt} > {saved("expires_at")}
              AND COALESCE({row}{SlidingMs}, 0) = COALESCE({saved("sliding_ms")}, 0)
              AND COALESCE({row}{AbsoluteAt}, 0) = COALESCE({saved("absolute_at")}, 0)
            THEN {row}{ExpiresAt} ELSE {saved("expires_at")} END
        """;

    /// <summary>A name of its own for each table, even if the table's name leaves no room for more.</summary>
    private static string IndexName(SqlDialect dialect, string table, string suffix) => table.Length + suffix.Length <= dialect.MaxNameLength
        ? table + suffix
        : $"{table.AsSpan(0, dialect.MaxNameLength - suffix.Length - 9)}_{CacheKey.From(table).Crc:x8}{suffix}";
}
