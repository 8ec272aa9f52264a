using System.Buffers.Binary;
using SmartCache.Primitives;

namespace SmartCache.Fuzz;

/// <summary>Any text is a key or refused; keys are told apart, and ordered, by their bytes.</summary>
public sealed class CacheKeyFuzzTests
{
    [Test]
    public void A_text_is_a_key_or_refused() => Cases.Run(static random =>
    {
        var text = random.Chance(0.1) ? new string('k', random.Next(1_020, 1_030)) + Texts.Draw(random, isWellFormed: true) : Texts.Draw(random, isWellFormed: random.Chance(0.5));
        var bytes = Utf8(text);
        if (bytes is null or { Length: 0 or > 1_024 })
        {
            Assert.That(() => CacheKey.From(text), Throws.InstanceOf<ArgumentException>());
            return;
        }

        var key = CacheKey.From(text);

        Assert.That(key.Bytes.AsSpan().SequenceEqual(bytes));
        Assert.That(key.Crc, Is.EqualTo(Crc(bytes)));
        Assert.That(key.ToString(), Has.Length.EqualTo(8).And.Match("^[0-9a-f]+$"), "what logs show is a hash");
    });

    [Test]
    public void Keys_are_equal_and_ordered_as_the_tables_rows_are() => Cases.Run(static random =>
    {
        var (one, other) = (Draw(random), Draw(random));
        var expected = RowOrder(one).AsSpan().SequenceCompareTo(RowOrder(other));

        Assert.That(Math.Sign(one.CompareTo(other)), Is.EqualTo(Math.Sign(expected)));
        Assert.That(one.Equals(other), Is.EqualTo(expected == 0));
        Assert.That(one.GetHashCode() == other.GetHashCode() || !one.Equals(other));
    });

    /// <summary>Otherwise anyone who reads the table could send what it holds as a session key.</summary>
    [Test]
    public void No_text_a_client_can_send_is_the_hash_of_another() => Cases.Run(static random =>
    {
        var (stored, sent) = (CacheKey.From(Text(random), isHashed: true), CacheKey.From(Text(random)));

        Assert.That(sent.Equals(stored) || sent.PlainBytes[0] == stored.Bytes[0], Is.False);
    });

    private static string Text(Random random) =>
        Texts.Draw(random, isWellFormed: true) is { Length: > 0 } text && Encoding.UTF8.GetByteCount(text) <= 1_024 ? text : "k";

    private static CacheKey Draw(Random random) => CacheKey.From("k" + (random.Chance(0.5) ? $"{random.Next(4)}" : $"{(char)random.Next(0xD800)}"));

    /// <summary>The crc as a number, then the bytes.</summary>
    private static byte[] RowOrder(CacheKey key)
    {
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(key.Bytes));
        return [.. crc, .. key.Bytes];
    }

    private static byte[]? Utf8(string text)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>CRC-32 (IEEE) bit by bit.</summary>
    private static uint Crc(byte[] bytes)
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
