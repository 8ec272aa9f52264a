using System.Text;
using SmartCache.Contract.Rows;

namespace SmartCache.Fuzz.Inputs;

/// <summary>Payloads of the stock session, put together byte by byte and not by the code under test.</summary>
internal static class Payloads
{
    private const int MostEntries = 65_535;

    /// <summary>Few names, so that payloads share some.</summary>
    private static readonly byte[][] Names = [.. Enumerable.Range(0, 30).Select(number => Encoding.UTF8.GetBytes(number % 3 == 0 ? $"☃{number}" : $"name {number}"))];

    /// <summary>A canonical payload.</summary>
    public static byte[] Draw(Random random) => SessionBytes.Of(random.Bytes(16), DrawEntries(random));

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
}
