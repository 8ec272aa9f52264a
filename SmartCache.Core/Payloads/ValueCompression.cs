using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace SmartCache.Payloads;

/// <summary>Compresses values with Brotli. The length before, 4 bytes big-endian, precedes the compressed bytes.</summary>
internal static class ValueCompression
{
    private const int Header = sizeof(int);

    /// <summary>The next levels take twice as long and more, for a few percent.</summary>
    private const int Quality = 4;

    /// <summary>The usual window of Brotli: 4 MiB.</summary>
    private const int WindowBits = 22;

    /// <returns>False if the value would not become smaller.</returns>
    public static bool TryCompress(byte[] value, out byte[] compressed)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Header + value.Length);
        try
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer, value.Length);
            var isSmaller = BrotliEncoder.TryCompress(value, buffer.AsSpan(Header, Math.Max(0, value.Length - Header)), out var length, Quality, WindowBits)
                && Header + length < value.Length;
            compressed = isSmaller ? buffer.AsSpan(0, Header + length).ToArray() : [];
            return isSmaller;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="TryCompress"/> returns.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> compressed)
    {
        if (compressed.Length <= Header || BinaryPrimitives.ReadInt32BigEndian(compressed) is not (>= 0 and var length) || length > Array.MaxLength)
            throw new InvalidDataException("The header is damaged.");

        var value = new byte[length];
        return BrotliDecoder.TryDecompress(compressed[Header..], value, out var written) && written == length
            ? value
            : throw new InvalidDataException("The compressed bytes are damaged.");
    }
}
