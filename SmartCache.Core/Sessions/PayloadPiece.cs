using System.Buffers.Binary;

namespace SmartCache.Sessions;

/// <summary>An entry of a payload that is being put together: as it stands in another, or with a value of its own.</summary>
internal readonly struct PayloadPiece(SessionPayload payload, SessionEntry entry, byte[]? value = null)
{
    public int Length => value is null ? entry.Length : checked(entry.Length - entry.ValueLength + value.Length);

    /// <summary>Writes the entry and moves on behind it.</summary>
    public void Write(ref Span<byte> rest)
    {
        var raw = payload.Raw(entry);
        if (value is null)
        {
            raw.CopyTo(rest);
        }
        else
        {
            var start = entry.ValueStart - entry.Start;
            raw[..start].CopyTo(rest);
            BinaryPrimitives.WriteInt32BigEndian(rest[(start - sizeof(int))..], value.Length);
            value.CopyTo(rest[start..]);
        }

        rest = rest[Length..];
    }
}
