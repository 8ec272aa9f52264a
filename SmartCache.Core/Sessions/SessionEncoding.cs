using System.Diagnostics.CodeAnalysis;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>Between a session and the bytes in its row.</summary>
internal static class SessionEncoding
{
    /// <summary>The bytes to store, in the wanted format where the session can be written in it.</summary>
    public static (int Format, byte[] Bytes) Encode(SessionPayload session, PayloadFormat format) =>
        format == PayloadFormat.Json && JsonPayload.TryEncode(session, out var json)
            ? (RowFormat.SessionJson, json)
            : (RowFormat.Session, session.Array);

    /// <summary>The format of bytes that another cache stored.</summary>
    public static int FormatOf(byte[] bytes) => SessionPayload.TryParse(bytes, out _) ? RowFormat.Session : RowFormat.Opaque;

    /// <summary>False if the bytes are not what the format says.</summary>
    public static bool TryDecode(int format, byte[] bytes, [NotNullWhen(true)] out SessionPayload? session) =>
        format == RowFormat.SessionJson ? JsonPayload.TryDecode(bytes, out session) : SessionPayload.TryParse(bytes, out session);
}
