namespace SmartCache.Fuzz.Inputs;

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
