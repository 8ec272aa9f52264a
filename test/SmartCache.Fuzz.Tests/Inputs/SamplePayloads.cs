using System.Buffers.Binary;
using SmartCache.Payloads;

namespace SmartCache.Fuzz.Inputs;

/// <summary>Payloads of the stock session, put together byte by byte and not by the code under test.</summary>
internal static class SamplePayloads
{
    private const int MostEntries = 65_535;

    /// <summary>Few names, so that payloads share some.</summary>
    private static readonly byte[][] Names = [.. Enumerable.Range(0, 30).Select(number => Encoding.UTF8.GetBytes(number % 3 == 0 ? $"☃{number}" : $"name {number}"))];

    /// <summary>A canonical payload.</summary>
    public static byte[] Draw(Random random) => SessionBytes.Of(random.Bytes(16), DrawEntries(random));

    public static List<(byte[] Name, byte[] Value)> DrawEntries(Random random)
    {
        if (random.Chance(0.0002))
            return Many(MostEntries);

        if (random.Chance(0.002))
            return Many(random.Next(3_000));

        var names = random.Chance(0.7)
            ? random.GetItems(Names, random.Next(0, 20))
            : [.. Enumerable.Range(0, random.Size(100)).Select(_ => Encoding.UTF8.GetBytes(Texts.Draw(random, isWellFormed: true)))];
        return [.. names.DistinctBy(Convert.ToHexString).Select(name => (name, DrawValue(random)))];
    }

    public static byte[] DrawValue(Random random) => random.Next(4) switch
    {
        0 => random.Bytes(random.Size(4_000)),
        1 => Encoding.UTF8.GetBytes(Texts.Draw(random, isWellFormed: true)),
        _ => [(byte)random.Next(3)],
    };

    public static SessionPayload Parse(byte[] bytes) =>
        SessionPayload.TryParse(bytes, out var payload) ? payload : throw new ArgumentException("This was to be a payload.");

    public static List<(byte[] Name, byte[] Value)> Many(int count, string value = "") =>
        [.. Enumerable.Range(0, count).Select(number => (Encoding.UTF8.GetBytes($"{number}"), Encoding.UTF8.GetBytes(value)))];
}

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
        _ => Damage.Apply(random, SamplePayloads.Draw(random)),
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
        var entries = SamplePayloads.DrawEntries(random);
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
        var entries = SamplePayloads.DrawEntries(random);
        var name = random.Next(4) switch
        {
            0 when entries.Count > 0 => random.Pick(entries).Name,
            1 => [0xED, 0xA0, 0x80],
            2 => [0xC0, 0x80],
            _ => Encoding.Latin1.GetBytes(Texts.Draw(random, isWellFormed: true)),
        };
        entries.Insert(random.Next(entries.Count + 1), (name, SamplePayloads.DrawValue(random)));
        return SessionBytes.Of(random.Bytes(16), entries);
    }
}

/// <summary>What becomes of bytes that go through bad hands.</summary>
internal static class Damage
{
    public static byte[] Apply(Random random, byte[] whole)
    {
        var bytes = whole.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(Math.Min(bytes.Count - at, 8) + 1));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.Skip(at).Take(random.Next(64)).ToList());
                    break;
                default:
                    bytes.InsertRange(at, random.Bytes(random.Next(4)));
                    break;
            }
        }

        return [.. bytes];
    }
}
