using System.Buffers.Binary;
using System.Text;

namespace SmartCache.Fuzz.Inputs;

/// <summary>Payloads of the stock session, put together byte by byte and not by the code under test.</summary>
internal static class Payloads
{
    private const int MostEntries = 65_535;

    /// <summary>Few names, so that payloads share some.</summary>
    private static readonly byte[][] Names = [.. Enumerable.Range(0, 30).Select(number => Encoding.UTF8.GetBytes(number % 3 == 0 ? $"☃{number}" : $"name {number}"))];

    /// <summary>A canonical payload.</summary>
    public static byte[] Draw(Random random) => Of(random.Bytes(16), DrawEntries(random));

    public static List<(byte[] Name, byte[] Value)> DrawEntries(Random random)
    {
        if (random.Chance(0.0002))
        {
            return Many(MostEntries);
        }

        if (random.Chance(0.002))
        {
            return Many(random.Next(3_000));
        }

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

    public static List<(byte[] Name, byte[] Value)> Many(int count, string value = "") =>
        [.. Enumerable.Range(0, count).Select(number => (Encoding.UTF8.GetBytes($"{number}"), Encoding.UTF8.GetBytes(value)))];

    public static byte[] Of(byte[] id, IReadOnlyCollection<(byte[] Name, byte[] Value)> entries)
    {
        var bytes = new byte[20 + entries.Sum(static entry => 6 + entry.Name.Length + entry.Value.Length)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, entries.Count);
        bytes[0] = 2;
        id.CopyTo(bytes, 4);
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
}
