using System.Text;

namespace SmartCache.Fuzz.Inputs;

/// <summary>Texts of any kind: plain, from all over Unicode, with control characters, and, if asked for, with halves of surrogate pairs.</summary>
internal static class Texts
{
    private static readonly string[] Odd =
        ["", "a", "A", "base64", "id", "entries", "☃", "😀", "é", "e\u0301", "a\0b", "\t\r\n", "\"", "\\", "\u007F", "\u0085", "\uFEFF", "\uFFFD", "\uFFFE", "\U0010FFFF"];

    public static string Draw(Random random, bool isWellFormed)
    {
        if (random.Chance(0.3))
        {
            return random.Pick(Odd);
        }

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
            {
                text.Append(new Rune(rune));
            }
            else if (!isWellFormed)
            {
                text.Append((char)rune);
            }
        }

        return text.ToString();
    }
}
