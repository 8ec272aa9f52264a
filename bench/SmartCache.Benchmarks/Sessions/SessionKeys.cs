namespace SmartCache.Benchmarks.Sessions;

/// <summary>Keys as the stock session middleware makes them. One digit tells which rows were there from the start.</summary>
internal static class SessionKeys
{
    /// <summary>Where that digit is, counted from 1 as SQL does.</summary>
    public const int MarkPosition = 15;

    public const char Seeded = '0';
    public const char New = '1';

    public static string Create(Random random, char mark)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return string.Create(36, (new Guid(bytes), mark), static (text, key) =>
        {
            key.Item1.TryFormat(text, out _);
            text[MarkPosition - 1] = key.mark;
        });
    }
}
