using System.Buffers.Binary;
using System.Text;
using SmartCache.Contract.Rows;

namespace SmartCache.Fuzz.Inputs;

/// <summary>Bytes that may be a payload and mostly are none.</summary>
internal static class BrokenPayloads
{
    private static readonly uint[] Lies = [0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    public static byte[] Draw(Random random) => random.Next(6) switch
    {
        0 => random.Bytes(random.Size(60_000)),
        1 => WithHeader(random),
        2 => WithLies(random),
        3 => WithOddNames(random),
        _ => Damage.Apply(random, Payloads.Draw(random)),
    };

    /// <summary>Right up to the first entry, and small numbers after it.</summary>
    private static byte[] WithHeader(Random random)
    {
        var bytes = Enumerable.Range(0, 20 + random.Next(60)).Select(_ => random.Chance(0.3) ? (byte)random.Next(5) : (byte)0).ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, random.Next(5));
        bytes[0] = 2;
        return bytes;
    }

    /// <summary>A count or a length that says something else than what is there.</summary>
    private static byte[] WithLies(Random random)
    {
        var entries = Payloads.DrawEntries(random);
        var bytes = SessionBytes.Of(random.Bytes(16), entries);
        var lie = random.Pick(Lies);
        var at = 20 + entries.Take(random.Next(entries.Count + 1)).Sum(static entry => 6 + entry.Name.Length + entry.Value.Length);
        if (at + 2 >= bytes.Length || random.Chance(0.2))
        {
            (bytes[1], bytes[2], bytes[3]) = ((byte)(lie >> 16), (byte)(lie >> 8), (byte)lie);
            return bytes;
        }

        var name = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
        if (random.Chance(0.5))
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)(random.Chance(0.5) ? lie : (uint)(name + random.Next(-2, 3))));
        }
        else
        {
            var value = bytes.AsSpan(at + 2 + name);
            BinaryPrimitives.WriteUInt32BigEndian(value, random.Chance(0.5) ? lie : BinaryPrimitives.ReadUInt32BigEndian(value) + (uint)random.Next(-2, 3));
        }

        return bytes;
    }

    /// <summary>Names that come twice, or are no UTF-8.</summary>
    private static byte[] WithOddNames(Random random)
    {
        var entries = Payloads.DrawEntries(random);
        var name = random.Next(4) switch
        {
            0 when entries.Count > 0 => random.Pick(entries).Name,
            1 => [0xED, 0xA0, 0x80],
            2 => [0xC0, 0x80],
            _ => Encoding.Latin1.GetBytes(Texts.Draw(random, isWellFormed: true)),
        };
        entries.Insert(random.Next(entries.Count + 1), (name, Payloads.DrawValue(random)));
        return SessionBytes.Of(random.Bytes(16), entries);
    }
}
