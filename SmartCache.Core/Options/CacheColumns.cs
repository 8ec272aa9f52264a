namespace SmartCache;

/// <summary>The names of the table's columns, for a table that follows your own naming rules.</summary>
public sealed class CacheColumns
{
    /// <summary>The CRC-32 of the bytes in <see cref="CacheKey"/>.</summary>
    /// <value>Default <c>key_crc32</c>.</value>
    public string KeyCrc32 { get; set; } = "key_crc32";

    /// <summary>The key's UTF-8 bytes, or its hash.</summary>
    /// <value>Default <c>cache_key</c>.</value>
    public string CacheKey { get; set; } = "cache_key";

    /// <summary>The stored bytes.</summary>
    /// <value>Default <c>value</c>.</value>
    public string Value { get; set; } = "value";

    /// <summary>What the stored bytes are: 0 any bytes, 1 a session payload.</summary>
    /// <value>Default <c>format</c>.</value>
    public string Format { get; set; } = "format";

    /// <summary>The random number that every write of the value changes.</summary>
    /// <value>Default <c>version</c>.</value>
    public string Version { get; set; } = "version";

    /// <summary>The versions that the row has had lately, kept only if a merge rule must be applied exactly once.</summary>
    /// <value>Default <c>recent_versions</c>.</value>
    public string RecentVersions { get; set; } = "recent_versions";

    /// <summary>When the row expires, in UTC Unix milliseconds.</summary>
    /// <value>Default <c>expires_at</c>.</value>
    public string ExpiresAt { get; set; } = "expires_at";

    /// <summary>The sliding window in milliseconds, or null.</summary>
    /// <value>Default <c>sliding_ms</c>.</value>
    public string SlidingMs { get; set; } = "sliding_ms";

    /// <summary>The moment that no touch can move the expiry beyond, in UTC Unix milliseconds, or null.</summary>
    /// <value>Default <c>absolute_at</c>.</value>
    public string AbsoluteAt { get; set; } = "absolute_at";

    /// <summary>When the row was first written, in UTC Unix milliseconds.</summary>
    /// <value>Default <c>created_at</c>.</value>
    public string CreatedAt { get; set; } = "created_at";

    /// <summary>When the value was last written, in UTC Unix milliseconds.</summary>
    /// <value>Default <c>updated_at</c>.</value>
    public string UpdatedAt { get; set; } = "updated_at";

    /// <summary>Whose session the row is, or null; see <see cref="SmartCacheOptions.Owner"/>. A table without this column works as long as nothing asks for owners.</summary>
    /// <value>Default <c>owner</c>.</value>
    public string Owner { get; set; } = "owner";

    internal IEnumerable<(string Option, string Name)> All() =>
    [
        (nameof(KeyCrc32), KeyCrc32),
        (nameof(CacheKey), CacheKey),
        (nameof(Value), Value),
        (nameof(Format), Format),
        (nameof(Version), Version),
        (nameof(RecentVersions), RecentVersions),
        (nameof(ExpiresAt), ExpiresAt),
        (nameof(SlidingMs), SlidingMs),
        (nameof(AbsoluteAt), AbsoluteAt),
        (nameof(CreatedAt), CreatedAt),
        (nameof(UpdatedAt), UpdatedAt),
        (nameof(Owner), Owner),
    ];
}
