using SmartCache.Contract.Rows;
using SmartCache.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>Session payloads written the short way: <c>Session(1, "a=1 b=2")</c> has an id of sixteen bytes 1 and two entries.</summary>
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
        return SessionBytes.Of(idBytes, entries);
    }

    /// <summary>The entries as <see cref="Session(string)"/> takes them.</summary>
    public static string Text(SessionPayload payload)
    {
        var entries = new List<string>();
        foreach (var entry in payload.Entries)
            entries.Add($"{payload.NameText(entry)}={Encoding.UTF8.GetString(payload.Value(entry))}");

        return string.Join(' ', entries);
    }


    public static List<(byte[] Name, byte[] Value)> Entries(string entries) =>
        [.. from entry in entries.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let parts = entry.Split('=')
            select (Encoding.UTF8.GetBytes(parts[0]), Encoding.UTF8.GetBytes(parts[1]))];

    public static List<(byte[] Name, byte[] Value)> ManyEntries(int count, string value = "value") =>
        [.. Enumerable.Range(0, count).Select(i => (Encoding.UTF8.GetBytes($"name {i}"), Encoding.UTF8.GetBytes(value)))];
}
