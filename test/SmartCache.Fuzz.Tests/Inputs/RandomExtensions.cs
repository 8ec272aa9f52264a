namespace SmartCache.Fuzz.Inputs;

internal static class RandomExtensions
{
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static T Pick<T>(this Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public static byte[] Bytes(this Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Mostly small, now and then up to the limit.</summary>
    public static int Size(this Random random, int limit) => random.Next(20) switch
    {
        0 => random.Next(limit + 1),
        < 6 => random.Next(Math.Min(limit, 200) + 1),
        _ => random.Next(Math.Min(limit, 8) + 1),
    };
}
