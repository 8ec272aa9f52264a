namespace SmartCache.Contract.Values;

/// <summary>Different keys with the same CRC-32, found by search: among a few hundred thousand some meet by chance.</summary>
public static class Collisions
{
    private static readonly Lazy<ILookup<uint, string>> Keys = new(() =>
        Enumerable.Range(0, 600_000).Select(number => $"key {number * 7919L:D10}").ToLookup(static key => Crc(Encoding.UTF8.GetBytes(key))));

    /// <summary>So many keys that share one CRC.</summary>
    public static IReadOnlyList<string> Group(int count)
    {
        // Of equal length, so that one can stand for the other anywhere in a longer key without changing its CRC.
        var pair = Keys.Value.First(group => group.Count() > 1).Take(2).ToList();
        IEnumerable<string> keys = pair;
        for (var found = pair.Count; found < Math.Max(count, pair.Count + 1); found *= 2)
        {
            keys = from first in keys from second in pair select first + second;
        }

        return [.. keys.Take(count)];
    }

    public static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
            }
        }

        return ~crc;
    }
}
