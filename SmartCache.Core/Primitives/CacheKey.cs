using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace SmartCache.Primitives;

/// <summary>
/// A cache key as the table holds it: its UTF-8 bytes, or a hash of them, and the CRC-32 of those bytes. The CRC narrows the
/// lookup to a few rows of a small, evenly spread index; the bytes decide.
/// </summary>
internal readonly struct CacheKey : IEquatable<CacheKey>, IComparable<CacheKey>
{
    /// <summary>The longest key in UTF-8 bytes. Every key that HybridCache allows fits.</summary>
    public const int MaxLength = 1024;

    /// <summary>The length of a hashed key in bytes.</summary>
    public const int HashLength = 1 + SHA256.HashSizeInBytes;

    /// <summary>The key of the row that says which node sweeps. No UTF-8 text contains its first byte.</summary>
    public static readonly CacheKey OfSweepTurn = new([0xFE, .. "sweep"u8], isHashed: false, hashCode: 0);

    /// <summary>Precedes a hash. No UTF-8 text contains this byte, so no key that a client sends equals a hash.</summary>
    private const byte HashMark = 0xFF;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Not the CRC: anyone can compute keys that share one and slow a dictionary down. .NET seeds this hash in each process.</summary>
    private readonly int _hashCode;

    private CacheKey(byte[] plain, bool isHashed, int hashCode)
    {
        (PlainBytes, _hashCode) = (plain, hashCode);
        Bytes = isHashed ? [HashMark, .. SHA256.HashData(plain)] : plain;

        // The CRC of a hashed key is that of the hash: the text's own CRC would reveal 32 bits of the key.
        Crc = Crc32.HashToUInt32(Bytes);
    }

    /// <summary>The bytes in the key column.</summary>
    public byte[] Bytes { get; }
    public uint Crc { get; }

    /// <summary>The key's text as UTF-8.</summary>
    public byte[] PlainBytes { get; }
    public uint PlainCrc => Crc32.HashToUInt32(PlainBytes);

    /// <summary>Whether the text has the form of the session middleware's keys: a GUID with dashes.</summary>
    public bool LooksLikeSessionKey => PlainBytes is { Length: 36 } b && b[8] == '-' && b[13] == '-' && b[18] == '-' && b[23] == '-';

    /// <param name="key">The text.</param>
    /// <param name="isHashed">Whether the table holds the key's SHA-256 instead of the key.</param>
    public static CacheKey From(string key, bool isHashed = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(key);
        }
        catch (EncoderFallbackException)
        {
            // The encoder's message quotes the text, and a key must not leak through an exception.
            throw new ArgumentException("The key is not well-formed UTF-16: it contains half of a surrogate pair.", nameof(key));
        }

        return bytes.Length <= MaxLength
            ? new CacheKey(bytes, isHashed, key.GetHashCode())
            : throw new ArgumentException($"The key has {bytes.Length} bytes as UTF-8; at most {MaxLength} are allowed.", nameof(key));
    }

    public bool Equals(CacheKey other) => Crc == other.Crc && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    public override int GetHashCode() => _hashCode;

    /// <summary>The order of the table. Flushes lock rows in this order, so that two flushes never deadlock.</summary>
    public int CompareTo(CacheKey other)
    {
        var byCrc = Crc.CompareTo(other.Crc);
        return byCrc != 0 ? byCrc : Bytes.AsSpan().SequenceCompareTo(other.Bytes);
    }

    /// <summary>What logs and exceptions may show: the first 8 hexadecimal digits of the key's SHA-256.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(PlainBytes, hash);
        return Convert.ToHexStringLower(hash[..4]);
    }
}
