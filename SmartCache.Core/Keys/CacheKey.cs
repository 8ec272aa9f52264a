using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace SmartCache.Keys;

/// <summary>
/// A cache key as the table holds it, its UTF-8 bytes or a hash of them, compared byte by byte, and their CRC-32. The
/// crc narrows the lookup to a handful of rows in a small, evenly spread index; the full key decides.
/// </summary>
internal readonly struct CacheKey : IEquatable<CacheKey>, IComparable<CacheKey>
{
    /// <summary>The longest key, in UTF-8 bytes; the legal keys of HybridCache fit.</summary>
    public const int MaxLength = 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How many bytes a hash takes in the table.</summary>
    public const int HashLength = 1 + SHA256.HashSizeInBytes;

    /// <summary>The row that says whose turn it is to remove expired rows. No UTF-8 holds its first byte either.</summary>
    public static readonly CacheKey OfSweepTurn = new([0xFE, .. "sweep"u8], isHashed: false, hashCode: 0);

    /// <summary>Before a hash. No UTF-8 holds this byte: whatever text a client sends as a key, it never is a row's hash.</summary>
    private const byte HashMark = 0xFF;

    /// <summary>
    /// Not the crc: anyone can compute keys that share one, and would turn a dictionary into a list. .NET seeds a text's
    /// hash code anew in each process.
    /// </summary>
    private readonly int _hashCode;

    private CacheKey(byte[] plain, bool isHashed, int hashCode)
    {
        (PlainBytes, _hashCode) = (plain, hashCode);
        Bytes = isHashed ? [HashMark, .. SHA256.HashData(plain)] : plain;

        // Of a hash not that of the text, of which it would tell 32 bits.
        Crc = Crc32.HashToUInt32(Bytes);
    }

    /// <summary>What the key's row is found by.</summary>
    public byte[] Bytes { get; }

    public uint Crc { get; }

    /// <summary>The text itself as UTF-8.</summary>
    public byte[] PlainBytes { get; }

    /// <summary>Computed anew: few ask for it, and every work and snapshot carries a key.</summary>
    public uint PlainCrc => Crc32.HashToUInt32(PlainBytes);

    /// <summary>Whether the text has the form of the stock session middleware's keys, a GUID with dashes.</summary>
    public bool LooksLikeSessionKey => PlainBytes is { Length: 36 } b && b[8] == '-' && b[13] == '-' && b[18] == '-' && b[23] == '-';

    /// <param name="key">The text.</param>
    /// <param name="isHashed">Whether the table is to hold its SHA-256 in its place.</param>
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
            // The encoder's own message quotes the text; a key must not leak through an exception.
            throw new ArgumentException("The key is not well-formed UTF-16: it holds half of a surrogate pair.", nameof(key));
        }

        if (bytes.Length > MaxLength)
        {
            throw new ArgumentException($"The key has {bytes.Length} bytes as UTF-8; at most {MaxLength} are allowed.", nameof(key));
        }

        return new CacheKey(bytes, isHashed, key.GetHashCode());
    }

    public bool Equals(CacheKey other) => Crc == other.Crc && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    public override int GetHashCode() => _hashCode;

    /// <summary>Key order of the table: flushes take rows in it, so that two of them never lock crosswise.</summary>
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
