using System.Text.Json;

namespace SmartCache.Fuzz.Inputs;

/// <summary>Texts of any kind: plain, from all over Unicode, with control characters, and, if asked for, with halves of surrogate pairs.</summary>
internal static class Texts
{
    private static readonly string[] Odd =
        ["", "a", "A", "base64", "id", "entries", "☃", "😀", "é", "e\u0301", "a\0b", "\t\r\n", "\"", "\\", "\u007F", "\u0085", "\uFEFF", "\uFFFD", "\uFFFE", "\U0010FFFF"];

    public static string Draw(Random random, bool isWellFormed)
    {
        if (random.Chance(0.3))
            return random.Pick(Odd);

        var text = new StringBuilder();
        for (var length = random.Size(300); length > 0; length--)
        {
            var rune = random.Next(4) switch
            {
                0 => random.Next(0x80),
                1 => random.Next(0x10000),
                2 => random.Next(0x110000),
                _ => 'a' + random.Next(26),
            };
            if (rune is < 0xD800 or > 0xDFFF)
                text.Append(new Rune(rune));
            else if (!isWellFormed)
                text.Append((char)rune);
        }

        return text.ToString();
    }
}

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

/// <summary>Texts such as other programs, or damage, may leave in a column of JSON sessions.</summary>
internal sealed class JsonTexts(Random random)
{
    private static readonly string[] Literals =
    [
        "null", "true", "false", "0", "-0", "1e999999", "-1E-999999", "1.", ".5", "01", "NaN", "Infinity", "'single'", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\u0000\"", "\"\\uD83D\\uDE00\"", "\"\\x\"", "{}", "[]", "{\"base64\":\"AAAA\"}", "{\"base64\":\"AA==\"}", "{\"base64\":\"A\"}", "{\"base64\":\"*\"}", "{\"base64\":5}",
        "{\"base64\":null}", "{\"base64\":\"AA==\",\"base64\":\"BB==\"}", "{\"base64\":\"\\u0041A==\"}", "{\"Base64\":\"AA==\"}", "/* */ 1", "[1,]", "\"open", "{\"a\"}",
    ];

    public static byte[] Draw(Random random)
    {
        var text = Encoding.UTF8.GetBytes(new JsonTexts(random).Session());
        return random.Next(4) switch
        {
            0 => Damage.Apply(random, text),
            1 when random.Chance(0.1) => [0xEF, 0xBB, 0xBF, .. text],
            _ => text,
        };
    }

    private string Session()
    {
        var id = random.Next(12) switch
        {
            0 => Value(0),
            1 => "\"\"",
            _ => $"\"{new Guid(random.Bytes(16)).ToString(random.Pick("DDDDNBPX".ToCharArray()).ToString())}\"",
        };
        var members = new List<string> { $"\"id\":{id}", $"\"entries\":{(random.Chance(0.05) ? Value(0) : Entries())}" };
        for (var more = random.Next(6) - 3; more > 0; more--)
            members.Insert(random.Next(members.Count + 1), random.Chance(0.3) ? random.Pick(members) : $"{Name()}:{Value(0)}");

        return random.Chance(0.02) ? Value(0) : $"{Blank()}{{{Blank()}{string.Join(',', members)}{Blank()}}}{Blank()}";
    }

    private string Entries()
    {
        var count = random.Chance(0.001) ? random.Next(5_000) : random.Next(8);
        return $"{{{string.Join(',', Enumerable.Range(0, count).Select(number => $"{(random.Chance(0.5) ? $"\"{number}\"" : Name())}{Blank()}:{Blank()}{Value(0)}"))}}}";
    }

    private string Value(int depth) => random.Next(depth > 4 ? 6 : 9) switch
    {
        0 => random.Pick(Literals),
        1 => new string('9', random.Size(20_000) + 1),
        2 => $"{random.NextInt64(long.MinValue, long.MaxValue)}.{random.Next()}e{random.Next(-400, 400)}",
        3 => $"{{\"base64\":\"{Convert.ToBase64String(random.Bytes(random.Size(1_000)))}\"}}",
        4 or 5 => Name(),
        6 when random.Chance(0.05) => Nested(random.Size(20_000)),
        6 or 7 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth + 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"{Name()}:{Value(depth + 1)}"))}}}",
    };

    /// <summary>So many brackets within each other; closed again, or not.</summary>
    private string Nested(int depth) => new string('[', depth) + (random.Chance(0.8) ? new string(']', depth) : "");

    /// <summary>A string, escaped to the last character or hardly at all.</summary>
    private string Name()
    {
        var text = Texts.Draw(random, isWellFormed: false);
        return random.Chance(0.2)
            ? $"\"{string.Concat(text.Select(static unit => $"\\u{(int)unit:x4}"))}\""
            : random.Chance(0.1) ? $"\"{text}\"" : JsonSerializer.Serialize(text);
    }

    private string Blank() => random.Chance(0.1) ? " \t\r\n"[..random.Next(5)] : "";
}
