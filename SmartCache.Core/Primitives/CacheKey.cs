using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace SmartCache.Primitives;

/// <summary>
/// A cache key as the table holds it: its UTF-8 bytes, or a hash of them, and the CRC-32 of those bytes. The CRC narrows the
/// lookup to a few rows of a small, evenly spread index; the bytes decide. Most requests only touch their session and need no
/// bytes, so these are made when a statement asks for them.
/// </summary>
internal readonly struct CacheKey : IEquatable<CacheKey>, IComparable<CacheKey>
{
    /// <summary>The longest key in UTF-8 bytes. Every key that HybridCache allows fits.</summary>
    public const int MaxLength = 1024;

    /// <summary>The length of a hashed key in bytes.</summary>
    public const int HashLength = 1 + SHA256.HashSizeInBytes;

    /// <summary>The key of the row that says which node sweeps. No UTF-8 text contains its first byte.</summary>
    public static readonly CacheKey OfSweepTurn = Stored(text: null, [0xFE, .. "sweep"u8]);

    /// <summary>How the key of a ticket begins. No session middleware makes such a key.</summary>
    public const string TicketPrefix = "SmartCache.Ticket:";

    /// <summary>Precedes a hash. No UTF-8 text contains this byte, so no key that a client sends equals a hash.</summary>
    private const byte HashMark = 0xFF;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string? _text;

    /// <summary>The bytes in the key column if they are not those of the text.</summary>
    private readonly byte[]? _stored;

    /// <summary>Not the CRC: anyone can compute keys that share one and slow a dictionary down. .NET seeds this hash in each process.</summary>
    private readonly int _hashCode;

    private CacheKey(string? text, byte[]? stored, uint crc) => (_text, _stored, _hashCode, Crc) = (text, stored, HashCodeOf(text, stored), crc);

    /// <summary>The bytes in the key column.</summary>
    public byte[] Bytes => _stored ?? PlainBytes;

    /// <summary>How many bytes the key column needs.</summary>
    public int Length => _stored?.Length ?? StrictUtf8.GetByteCount(_text!);
    public uint Crc { get; }

    /// <summary>The key's text as UTF-8.</summary>
    public byte[] PlainBytes => _text is null ? _stored! : StrictUtf8.GetBytes(_text);
    public uint PlainCrc => Crc32.HashToUInt32(PlainBytes);

    /// <summary>Whether the text has the form of the session middleware's keys: a GUID with dashes.</summary>
    public bool LooksLikeSessionKey =>
        _text is { Length: 36 } text && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' && Ascii.IsValid(text);

    /// <summary>Whether the text is the key of a ticket of cookie authentication.</summary>
    public bool IsOfTicket => _text?.StartsWith(TicketPrefix, StringComparison.Ordinal) == true;

    /// <param name="key">The text.</param>
    /// <param name="isHashed">Whether the table holds the key's SHA-256 instead of the key.</param>
    public static CacheKey From(string key, bool isHashed = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        int length;
        try
        {
            length = StrictUtf8.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            // The encoder's message quotes the text, and a key must not leak through an exception.
            throw new ArgumentException("The key is not well-formed UTF-16: it contains half of a surrogate pair.", nameof(key));
        }

        if (length > MaxLength)
            throw new ArgumentException($"The key has {length} bytes as UTF-8; at most {MaxLength} are allowed.", nameof(key));

        Span<byte> bytes = stackalloc byte[length];
        StrictUtf8.GetBytes(key, bytes);
        return isHashed ? Stored(key, [HashMark, .. SHA256.HashData(bytes)]) : new CacheKey(key, stored: null, Crc32.HashToUInt32(bytes));
    }

    /// <summary>The key that a row has, whether or not keys are hashed.</summary>
    public static CacheKey OfRow(byte[] stored) => Stored(text: null, stored);

    /// <summary>The key by which the cache knows a row. Only a plain key tells its text.</summary>
    /// <param name="isHashed">Whether the cache hashes keys. The row may have its plain key all the same.</param>
    public static CacheKey OfRow(byte[] stored, bool isHashed) => stored.Length is > 0 and <= MaxLength && Utf8.IsValid(stored)
        ? From(StrictUtf8.GetString(stored), isHashed)
        : OfRow(stored);

    // Keys of one text, one hashed and one not, are two rows. A key that was read from a row has no text.
    public bool Equals(CacheKey other) => _stored is null || other._stored is null
        ? _stored is null && other._stored is null && _text == other._text
        : _stored.AsSpan().SequenceEqual(other._stored);

    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    public override int GetHashCode() => _hashCode;

    /// <summary>The order of the table. Flushes lock rows in this order, so that two flushes never deadlock.</summary>
    public int CompareTo(CacheKey other)
    {
        var byCrc = Crc.CompareTo(other.Crc);
        return byCrc != 0 ? byCrc : Bytes.AsSpan().SequenceCompareTo(other.Bytes);
    }

    private static int HashCodeOf(string? text, byte[]? stored)
    {
        if (stored is null)
            return text?.GetHashCode() ?? 0;

        var hash = default(HashCode);
        hash.AddBytes(stored);
        return hash.ToHashCode();
    }

    // The CRC of a hashed key is that of the hash: the text's own CRC would reveal 32 bits of the key.
    private static CacheKey Stored(string? text, byte[] bytes) => new(text, bytes, Crc32.HashToUInt32(bytes));

    /// <summary>What logs and exceptions may show: the first 8 hexadecimal digits of the key's SHA-256.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(PlainBytes, hash);
        return Convert.ToHexStringLower(hash[..4]);
    }
}
