using System.Buffers.Binary;
using System.Text;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>
/// Session payloads written the short way: <c>Session(1, "a=1 b=2")</c> has an id of sixteen bytes 1 and two entries.
/// The bytes are put together here, byte by byte, and not by the code under test.
/// </summary>
internal static class Payloads
{
    public static SessionPayload Session(byte id, string entries) => Parse(Bytes(id, Entries(entries)));

    public static SessionPayload Session(string entries) => Session(1, entries);

    public static SessionPayload Parse(byte[] bytes) =>
        SessionPayload.TryParse(bytes, out var payload) ? payload : throw new ArgumentException("These bytes are no session.");

    public static bool IsSession(byte[] bytes) => SessionPayload.TryParse(bytes, out _);

    public static byte[] Bytes(byte id, IReadOnlyCollection<(byte[] Name, byte[] Value)> entries)
    {
        var idBytes = new byte[16];
        Array.Fill(idBytes, id);
        return Bytes(idBytes, entries);
    }

    public static byte[] Bytes(ReadOnlySpan<byte> id, IReadOnlyCollection<(byte[] Name, byte[] Value)> entries)
    {
        var bytes = new byte[20 + entries.Sum(entry => 6 + entry.Name.Length + entry.Value.Length)];
        bytes[0] = 2;
        bytes[1] = (byte)(entries.Count >> 16);
        bytes[2] = (byte)(entries.Count >> 8);
        bytes[3] = (byte)entries.Count;
        id.CopyTo(bytes.AsSpan(4));
        var rest = bytes.AsSpan(20);
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

    /// <summary>The entries as <see cref="Session(string)"/> takes them.</summary>
    public static string Text(SessionPayload payload)
    {
        var entries = new List<string>();
        foreach (var entry in payload.Entries)
        {
            entries.Add($"{payload.NameText(entry)}={Encoding.UTF8.GetString(payload.Value(entry))}");
        }

        return string.Join(' ', entries);
    }

    /// <summary>The same bytes again, from what the payload says of its entries.</summary>
    public static byte[] Rewrite(SessionPayload payload)
    {
        var entries = new List<(byte[], byte[])>();
        foreach (var entry in payload.Entries)
        {
            entries.Add((payload.Name(entry).ToArray(), payload.Value(entry).ToArray()));
        }

        return Bytes(payload.Id, entries);
    }

    public static List<(byte[] Name, byte[] Value)> Entries(string entries) =>
        [.. from entry in entries.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let parts = entry.Split('=')
            select (Encoding.UTF8.GetBytes(parts[0]), Encoding.UTF8.GetBytes(parts[1]))];

    public static List<(byte[] Name, byte[] Value)> ManyEntries(int count, string value = "value") =>
        [.. Enumerable.Range(0, count).Select(i => (Encoding.UTF8.GetBytes($"name {i}"), Encoding.UTF8.GetBytes(value)))];
}
