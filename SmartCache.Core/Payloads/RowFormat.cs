using System.Diagnostics.CodeAnalysis;

namespace SmartCache.Payloads;

/// <summary>What the <c>format</c> column says about the bytes in <c>value</c>, and how sessions become such bytes.</summary>
internal static class RowFormat
{
    /// <summary>Any bytes; never interpreted.</summary>
    public const int Opaque = 0;

    /// <summary>A payload of the session middleware, unchanged.</summary>
    public const int Session = 1;

    /// <summary>The same as JSON text.</summary>
    public const int SessionJson = 2;

    /// <summary>A ticket of cookie authentication. It is always encrypted.</summary>
    public const int Ticket = 3;

    /// <summary>Added to one of these formats if the value is encrypted by Data Protection.</summary>
    public const int Protected = 16;

    /// <summary>The formats of the rows that a directory lists.</summary>
    public static readonly int[] Listed = [Session, SessionJson, Session + Protected, SessionJson + Protected, Ticket + Protected];

    public static bool IsProtected(int format) => format is >= Opaque + Protected and <= Ticket + Protected;

    public static bool IsTicket(int format) => (format & ~Protected) == Ticket;

    /// <summary>The bytes to write. A session that cannot be written in the format asked for is written in the binary one.</summary>
    public static (int Format, byte[] Bytes) Encode(SessionPayload session, PayloadFormat format) =>
        format == PayloadFormat.Json && JsonPayload.TryEncode(session, out var json)
            ? (SessionJson, json)
            : (Session, session.Array);

    /// <summary>The format of bytes that another cache has stored.</summary>
    public static int Of(byte[] bytes) => SessionPayload.TryParse(bytes, out _) ? Session : Opaque;

    /// <returns>False if the bytes are not what the format says.</returns>
    public static bool TryDecode(int format, byte[] bytes, [NotNullWhen(true)] out SessionPayload? session) =>
        format == SessionJson ? JsonPayload.TryDecode(bytes, out session) : SessionPayload.TryParse(bytes, out session);
}
