using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace SmartCache.Payloads;

/// <summary>
/// A payload of the stock session middleware, revision 2, seen through an index over its bytes; values are never
/// copied. Layout (Microsoft.AspNetCore.Session, DistributedSession.Serialize): byte 2; entry count, 3 bytes
/// big-endian; session id, 16 bytes; per entry a 2-byte name length, the UTF-8 name, a 4-byte value length, the value.
/// </summary>
internal sealed class SessionPayload
{
    public const int IdLength = 16;
    public const int HeaderLength = 1 + 3 + IdLength;
    public const int MaxEntries = 0xFFFFFF;
    private const byte Revision = 2;

    private readonly byte[] _bytes;
    private readonly SessionEntry[] _entries;
    private readonly NameIndex _index;

    private SessionPayload(byte[] bytes, SessionEntry[] entries, NameIndex index)
    {
        _bytes = bytes;
        _entries = entries;
        _index = index;
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The same as the drivers want it; not to be changed.</summary>
    public byte[] Array => _bytes;

    /// <summary>The session id inside the payload: which incarnation of the session this is.</summary>
    public ReadOnlySpan<byte> Id => _bytes.AsSpan(4, IdLength);

    public ReadOnlySpan<SessionEntry> Entries => _entries;

    public ReadOnlySpan<byte> Name(SessionEntry entry) => _bytes.AsSpan(entry.NameStart, entry.NameLength);

    public ReadOnlySpan<byte> Value(SessionEntry entry) => _bytes.AsSpan(entry.ValueStart, entry.ValueLength);

    public ReadOnlySpan<byte> Raw(SessionEntry entry) => _bytes.AsSpan(entry.Start, entry.Length);

    /// <summary>The entry's name as text, for logs.</summary>
    public string NameText(SessionEntry entry) => Encoding.UTF8.GetString(Name(entry));

    public int IndexOf(ReadOnlySpan<byte> name) => _index.Find(_bytes, _entries, name);

    /// <summary>A session without entries.</summary>
    public static SessionPayload Empty(ReadOnlySpan<byte> id)
    {
        var bytes = new byte[HeaderLength];
        WriteHeader(bytes, 0, id);
        return new SessionPayload(bytes, [], default);
    }

    /// <summary>
    /// Takes bytes for a session only if they are canonical: exact length, unique names, valid UTF-8. Anything else
    /// is an opaque value, which nobody interprets.
    /// </summary>
    /// <param name="bytes">Kept, not copied: the caller must not change them any more.</param>
    /// <param name="payload">The payload, if it is one.</param>
    public static bool TryParse(byte[] bytes, [NotNullWhen(true)] out SessionPayload? payload)
    {
        payload = null;
        if (bytes.Length < HeaderLength || bytes[0] != Revision)
        {
            return false;
        }

        var count = (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
        if (count > (bytes.Length - HeaderLength) / SessionEntry.MinLength)
        {
            return false;
        }

        var entries = count == 0 ? [] : new SessionEntry[count];
        var position = HeaderLength;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadEntry(bytes, position, out entries[i]))
            {
                return false;
            }

            position += entries[i].Length;
        }

        if (position != bytes.Length || !NameIndex.TryCreate(bytes, entries, out var index))
        {
            return false;
        }

        payload = new SessionPayload(bytes, entries, index);
        return true;
    }

    /// <summary>Writes the header of a payload into the first <see cref="HeaderLength"/> bytes.</summary>
    public static void WriteHeader(Span<byte> destination, int count, ReadOnlySpan<byte> id)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, count);
        destination[0] = Revision;
        id.CopyTo(destination[4..]);
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> bytes, int start, out SessionEntry entry)
    {
        entry = default;
        var rest = bytes[start..];
        if (rest.Length < SessionEntry.MinLength)
        {
            return false;
        }

        var nameLength = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length < SessionEntry.MinLength + nameLength)
        {
            return false;
        }

        var valueLength = BinaryPrimitives.ReadInt32BigEndian(rest[(2 + nameLength)..]);
        if (valueLength < 0 || valueLength > rest.Length - SessionEntry.MinLength - nameLength)
        {
            return false;
        }

        entry = new SessionEntry(start, nameLength, valueLength);
        return Utf8.IsValid(rest.Slice(2, nameLength));
    }
}
