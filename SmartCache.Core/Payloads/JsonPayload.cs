using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace SmartCache.Payloads;

/// <summary>
/// A session as JSON: its id as <c>Session.Id</c> shows it, and its entries in order. A value that is text stands as
/// text; any other as <c>{"base64":"…"}</c>. Nothing is lost on the way there and back.
/// </summary>
internal static class JsonPayload
{
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText EntriesName = JsonEncodedText.Encode("entries");
    private static readonly JsonEncodedText Base64Name = JsonEncodedText.Encode("base64");

    // Readable: only what JSON itself demands is escaped. The text never goes into a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>False for a session with an entry name that JSON columns do not take: one with a NUL in it.</summary>
    public static bool TryEncode(SessionPayload session, [NotNullWhen(true)] out byte[]? json)
    {
        json = null;
        var buffer = new ArrayBufferWriter<byte>(session.Bytes.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString(IdName, new Guid(session.Id));
            writer.WriteStartObject(EntriesName);
            foreach (var entry in session.Entries)
            {
                if (session.Name(entry).Contains((byte)0))
                    return false;

                WriteEntry(writer, session.Name(entry), session.Value(entry));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        json = buffer.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>False for text that is not such a session, as when someone cut the column short.</summary>
    public static bool TryDecode(byte[] json, [NotNullWhen(true)] out SessionPayload? session)
    {
        session = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("id"u8, out var id)
                && id.ValueKind == JsonValueKind.String
                && id.TryGetGuid(out var guid)
                && root.TryGetProperty("entries"u8, out var entries)
                && entries.ValueKind == JsonValueKind.Object
                && SessionPayload.TryParse(Payload(guid, entries), out session);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            // Not JSON, half of a surrogate pair in a string, no base64: damaged, which the caller logs.
            return false;
        }
    }

    private static void WriteEntry(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (IsText(value))
        {
            writer.WriteString(name, value);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteBase64String(Base64Name, value);
        writer.WriteEndObject();
    }

    /// <summary>Valid UTF-8 without control characters, the line breaks and tabs of text apart.</summary>
    private static bool IsText(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r') or 0x7F)
                return false;
        }

        return Utf8.IsValid(value);
    }

    private static byte[] Payload(Guid id, JsonElement entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var count = 0;
        SessionPayload.WriteHeader(buffer.GetSpan(SessionPayload.HeaderLength), 0, id.ToByteArray());
        buffer.Advance(SessionPayload.HeaderLength);
        foreach (var entry in entries.EnumerateObject())
        {
            count++;
            var name = Encoding.UTF8.GetBytes(entry.Name);
            var value = Value(entry.Value);
            BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), checked((ushort)name.Length));
            buffer.Advance(2);
            buffer.Write(name);
            BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), value.Length);
            buffer.Advance(4);
            buffer.Write(value);
        }

        var bytes = buffer.WrittenSpan.ToArray();
        SessionPayload.WriteHeader(bytes, count, id.ToByteArray());
        return bytes;
    }

    /// <summary>What another program wrote as a number, a list or the like reads as its JSON text.</summary>
    private static byte[] Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.Object when value.GetPropertyCount() == 1 && value.TryGetProperty("base64"u8, out var base64) => base64.GetBytesFromBase64(),
        _ => Encoding.UTF8.GetBytes(value.GetRawText()),
    };
}
