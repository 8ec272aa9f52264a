using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using System.Text;

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

    /// <summary>Up to this many entries a search looks at each; beyond, it halves their order, so that nothing costs the square of their number.</summary>
    private const int FewEntries = 12;

    private readonly byte[] _bytes;
    private readonly SessionEntry[] _entries;

    /// <summary>The numbers of the entries in the order of their names; null for few entries.</summary>
    private readonly int[]? _byName;

    private SessionPayload(byte[] bytes, SessionEntry[] entries)
    {
        (_bytes, _entries) = (bytes, entries);
        if (entries.Length > FewEntries)
        {
            _byName = [.. Enumerable.Range(0, entries.Length)];
            System.Array.Sort(_byName, (a, b) => Name(entries[a]).SequenceCompareTo(Name(entries[b])));
        }
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

    /// <returns>The entry's number; -1 if no entry has the name.</returns>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        if (_byName is null)
            return Scan(name, _entries.Length);

        var (from, to) = (0, _byName.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var order = name.SequenceCompareTo(Name(_entries[_byName[middle]]));
            if (order == 0)
                return _byName[middle];

            (from, to) = order < 0 ? (from, middle) : (middle + 1, to);
        }

        return -1;
    }

    /// <summary>A session without entries.</summary>
    public static SessionPayload Empty(ReadOnlySpan<byte> id)
    {
        var bytes = new byte[HeaderLength];
        WriteHeader(bytes, 0, id);
        return new SessionPayload(bytes, []);
    }

    /// <summary>
    /// Takes bytes for a session only if they are canonical: exact length, unique names, valid UTF-8. Anything else is an opaque value,
    /// which nobody interprets. The bytes are kept, not copied.
    /// </summary>
    public static bool TryParse(byte[] bytes, [NotNullWhen(true)] out SessionPayload? payload)
    {
        payload = null;
        if (bytes.Length < HeaderLength || bytes[0] != Revision)
            return false;

        var count = (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
        if (count > (bytes.Length - HeaderLength) / SessionEntry.MinLength)
            return false;

        var entries = count == 0 ? [] : new SessionEntry[count];
        var position = HeaderLength;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadEntry(bytes, position, out entries[i]))
                return false;

            position += entries[i].Length;
        }

        if (position != bytes.Length)
            return false;

        var whole = new SessionPayload(bytes, entries);
        payload = whole.HasUniqueNames() ? whole : null;
        return payload is not null;
    }

    /// <summary>Writes the header of a payload into the first <see cref="HeaderLength"/> bytes.</summary>
    public static void WriteHeader(Span<byte> destination, int count, ReadOnlySpan<byte> id)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, count);
        destination[0] = Revision;
        id.CopyTo(destination[4..]);
    }

    private bool HasUniqueNames()
    {
        for (var i = 1; i < _entries.Length; i++)
        {
            if (_byName is null ? Scan(Name(_entries[i]), i) >= 0 : Name(_entries[_byName[i]]).SequenceEqual(Name(_entries[_byName[i - 1]])))
                return false;
        }

        return true;
    }

    private int Scan(ReadOnlySpan<byte> name, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (name.SequenceEqual(Name(_entries[i])))
                return i;
        }

        return -1;
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> bytes, int start, out SessionEntry entry)
    {
        entry = default;
        var rest = bytes[start..];
        if (rest.Length < SessionEntry.MinLength)
            return false;

        var nameLength = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length < SessionEntry.MinLength + nameLength)
            return false;

        var valueLength = BinaryPrimitives.ReadInt32BigEndian(rest[(2 + nameLength)..]);
        if (valueLength < 0 || valueLength > rest.Length - SessionEntry.MinLength - nameLength)
            return false;

        entry = new SessionEntry(start, nameLength, valueLength);
        return Utf8.IsValid(rest.Slice(2, nameLength));
    }
}

/// <summary>Where one entry of a payload lies. <c>Start</c> is the first byte of its two-byte name length.</summary>
internal readonly record struct SessionEntry(int Start, int NameLength, int ValueLength)
{
    private const int NamePrefix = 2;
    private const int ValuePrefix = 4;

    /// <summary>The smallest entry there can be: an empty name and an empty value.</summary>
    public const int MinLength = NamePrefix + ValuePrefix;

    public int NameStart => Start + NamePrefix;
    public int ValueStart => NameStart + NameLength + ValuePrefix;

    /// <summary>Bytes of the whole entry, both lengths included.</summary>
    public int Length => NamePrefix + NameLength + ValuePrefix + ValueLength;
}
