using System.Buffers.Binary;
using Encoding = System.Text.Encoding;

namespace SmartCache.Contract.Rows;

/// <summary>The stock session's payload, revision 2, read and written independently of the code under test.</summary>
public static class SessionBytes
{
    private const int HeaderLength = 20;

    public static byte[] Of(Guid id, params (string Name, string Value)[] entries) =>
        Of(id.ToByteArray(), [.. entries.Select(static entry => (Encoding.UTF8.GetBytes(entry.Name), Encoding.UTF8.GetBytes(entry.Value)))]);

    public static byte[] Of(ReadOnlySpan<byte> id, IReadOnlyCollection<(byte[] Name, byte[] Value)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var bytes = new byte[HeaderLength + entries.Sum(static entry => 6 + entry.Name.Length + entry.Value.Length)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, entries.Count);
        bytes[0] = 2;
        id.CopyTo(bytes.AsSpan(4));
        var rest = bytes.AsSpan(HeaderLength);
        foreach (var (name, value) in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)name.Length);
            name.CopyTo(rest[2..]);
            BinaryPrimitives.WriteInt32BigEndian(rest[(2 + name.Length)..], value.Length);
            value.CopyTo(rest[(6 + name.Length)..]);
            rest = rest[(6 + name.Length + value.Length)..];
        }

        return bytes;
    }

    public static Guid Id(byte[] payload) => new(payload.AsSpan(4, 16));

    /// <summary>The entries in saved order, as <c>a=1 b=2</c>; an empty string if there are none.</summary>
    public static string Text(byte[] payload) => string.Join(' ', Entries(payload).Select(entry => $"{entry.Name}={entry.Value}"));

    public static IReadOnlyList<(string Name, string Value)> Entries(byte[] payload)
    {
        var entries = new List<(string, string)>();
        var at = HeaderLength;
        while (at < payload.Length)
        {
            var nameLength = BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at));
            var name = Encoding.UTF8.GetString(payload, at + 2, nameLength);
            at += 2 + nameLength;
            var valueLength = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at));
            entries.Add((name, Encoding.UTF8.GetString(payload, at + 4, valueLength)));
            at += 4 + valueLength;
        }

        return entries;
    }
}
