using System.Buffers.Binary;
using System.Text;

namespace SmartCache.Contract.Rows;

/// <summary>The stock session's payload, revision 2, read and written independently of the code under test.</summary>
public static class SessionBytes
{
    private const int HeaderLength = 20;

    public static byte[] Of(Guid id, params (string Name, string Value)[] entries)
    {
        var bytes = new List<byte> { 2, (byte)(entries.Length >> 16), (byte)(entries.Length >> 8), (byte)entries.Length };
        bytes.AddRange(id.ToByteArray());
        foreach (var (name, value) in entries)
        {
            var nameBytes = Encoding.UTF8.GetBytes(name);
            var valueBytes = Encoding.UTF8.GetBytes(value);
            bytes.AddRange([(byte)(nameBytes.Length >> 8), (byte)nameBytes.Length, .. nameBytes]);
            bytes.AddRange([(byte)(valueBytes.Length >> 24), (byte)(valueBytes.Length >> 16), (byte)(valueBytes.Length >> 8), (byte)valueBytes.Length, .. valueBytes]);
        }

        return [.. bytes];
    }

    /// <summary>The id of the session's incarnation.</summary>
    public static Guid Id(byte[] payload) => new(payload.AsSpan(4, 16));

    /// <summary>The entries in stored order, as <c>a=1 b=2</c>; an empty string if there are none.</summary>
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
