using SmartCache.Keys;

namespace SmartCache;

/// <summary>
/// A value, or a session merged from what several requests stored, is larger than
/// <see cref="SmartCacheOptions.MaxValueSize"/>, the table's column or the server's statements allow. Nothing was stored.
/// </summary>
public sealed class CacheValueTooLargeException : Exception
{
    internal CacheValueTooLargeException(CacheKey key, byte[] value, long limit, Exception? cause = null)
        : base($"The value for the key with hash {key} has {value.Length} bytes; {limit} are allowed. Nothing was stored.", cause)
    {
        KeyHash = key.ToString();
        Size = value.Length;
        Limit = limit;
    }

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of the key, as the logs show it.</summary>
    public string KeyHash { get; }

    /// <summary>The value's size in bytes.</summary>
    public long Size { get; }

    /// <summary>The limit in bytes: the option's, the column's, or that of a whole statement.</summary>
    public long Limit { get; }

    internal static void ThrowIfLarger(byte[] value, long limit, CacheKey key)
    {
        if (value.Length > limit)
        {
            throw new CacheValueTooLargeException(key, value, limit);
        }
    }
}
