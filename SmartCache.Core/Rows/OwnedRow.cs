using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace SmartCache.Rows;

/// <summary>What a directory knows of a row.</summary>
/// <param name="Stored">The key as the row has it.</param>
/// <param name="Key">The key as the rest of the cache knows it: hashed if keys are hashed, whatever the row still has.</param>
/// <param name="Size">How many bytes the value has as it is stored.</param>
internal sealed record OwnedRow(CacheKey Stored, CacheKey Key, int Format, long Size, long CreatedAt, long UpdatedAt, Lifetime Lifetime)
{
    private const int DigestLength = 12;

    /// <summary>Keeps the reference apart from other hashes of the same key, such as the one in logs.</summary>
    private static ReadOnlySpan<byte> Purpose => "SmartCache.Reference.v1:"u8;

    /// <summary>
    /// Names the row without showing its key: the CRC, by which an index finds the row, and a part of a hash, which tells it from others
    /// with the same CRC.
    /// </summary>
    public string Reference
    {
        get
        {
            Span<byte> reference = stackalloc byte[sizeof(uint) + DigestLength];
            BinaryPrimitives.WriteUInt32BigEndian(reference, Stored.Crc);
            SHA256.HashData([.. Purpose, .. Stored.Bytes]).AsSpan(0, DigestLength).CopyTo(reference[sizeof(uint)..]);
            return Base64Url.EncodeToString(reference);
        }
    }

    /// <returns>False if the text is no reference.</returns>
    public static bool TryReadCrc(string reference, out uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint) + DigestLength];
        var isReference = Base64Url.DecodeFromChars(reference, bytes, out _, out var length) == OperationStatus.Done && length == bytes.Length;
        crc = isReference ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return isReference;
    }

    public static OwnedRow Read(DbDataReader row, bool hashesKeys)
    {
        var key = row.GetFieldValue<byte[]>(0);
        return new OwnedRow(
            CacheKey.OfRow(key),
            CacheKey.OfRow(key, hashesKeys),
            row.GetInt32(1),
            Convert.ToInt64(row.GetValue(2), CultureInfo.InvariantCulture),
            row.GetInt64(3),
            row.GetInt64(4),
            Row.ReadLifetime(row, 5));
    }
}
