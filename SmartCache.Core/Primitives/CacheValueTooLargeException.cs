namespace SmartCache;

/// <summary>
/// A value, or a session merged from what several requests saved, is larger than <see cref="SmartCacheOptions.MaxValueSize"/>,
/// the table's column or the server's statement limit allows. Nothing was written.
/// </summary>
public sealed class CacheValueTooLargeException : Exception
{
    internal CacheValueTooLargeException(CacheKey key, byte[] value, long limit, Exception? cause = null)
        : base($"The value for the key with hash {key} has {value.Length} bytes; {limit} are allowed. Nothing was stored.", cause) =>
        (KeyHash, Size, Limit) = (key.ToString(), value.Length, limit);

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of the key, as in the logs.</summary>
    public string KeyHash { get; }

    /// <summary>The value's size in bytes.</summary>
    public long Size { get; }

    /// <summary>The limit in bytes: that of the option, the column, or a whole statement.</summary>
    public long Limit { get; }

    internal static void ThrowIfLarger(byte[] value, long limit, CacheKey key)
    {
        if (value.Length > limit)
            throw new CacheValueTooLargeException(key, value, limit);
    }
}
