using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Primitives;

public sealed class CacheKeyTests
{
    // The check value of the CRC catalogue, and what MySQL's CRC32() and zlib give for the others: any program can compute it.
    [TestCase("123456789", 0xCBF43926u)]
    [TestCase("a", 0xE8B7BE43u)]
    [TestCase("MySQL", 3259397556u)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    [TestCase("\0", 0xD202EF8Du)]
    [TestCase("\0\0\0\0", 0x2144DF1Cu)]
    public void The_crc_is_the_one_of_zlib_and_MySQL(string text, uint crc) => Assert.That(CacheKey.From(text).Crc, Is.EqualTo(crc));

    [TestCase("a", "A")]
    [TestCase("e", "é")]
    [TestCase("a", "a ")]
    [TestCase("a", " a")]
    [TestCase("a", "a\0")]
    [TestCase("ß", "ss")]
    [TestCase("\u00e9", "e\u0301")]
    public void Keys_that_a_collation_might_take_for_equal_are_different(string one, string other)
    {
        Assert.That(CacheKey.From(one), Is.Not.EqualTo(CacheKey.From(other)));
        Assert.That(CacheKey.From(one).CompareTo(CacheKey.From(other)), Is.Not.Zero);
    }

    [Test]
    public void Equal_texts_are_equal_keys()
    {
        var one = CacheKey.From("session");
        var other = CacheKey.From(string.Concat("ses", "sion"));

        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one.CompareTo(other), Is.Zero);
        Assert.That(one.Equals((object)other), Is.True);
        Assert.That(one.Equals("session"), Is.False);
    }

    [Test]
    public void Keys_with_the_same_crc_are_told_apart_by_their_bytes()
    {
        // A known pair of CRC-32 twins.
        var one = CacheKey.From("plumless");
        var other = CacheKey.From("buckeroo");

        Assert.That(one.Crc, Is.EqualTo(other.Crc));
        Assert.That(one, Is.Not.EqualTo(other));
        Assert.That(one.CompareTo(other), Is.Positive);
        Assert.That(other.CompareTo(one), Is.Negative);
    }

    /// <summary>Anyone can compute keys with one CRC. Were it the hash as well, they would turn a dictionary into a list.</summary>
    [Test]
    public void Keys_with_the_same_crc_have_different_hash_codes() =>
        Assert.That(CacheKey.From("plumless").GetHashCode(), Is.Not.EqualTo(CacheKey.From("buckeroo").GetHashCode()));

    [Test]
    public void A_key_is_no_larger_than_its_two_texts_and_two_numbers() =>
        Assert.That(System.Runtime.CompilerServices.Unsafe.SizeOf<CacheKey>(), Is.EqualTo((2 * IntPtr.Size) + (2 * sizeof(int))));

    [TestCase("123e4567-e89b-12d3-a456-426614174000", true)]
    [TestCase("123e4567e89b12d3a456426614174000", false)]
    [TestCase("123e4567-e89b-12d3-a456-42661417400", false)]
    [TestCase("123e4567-e89b-12d3-a456_426614174000", false)]
    public void A_key_of_the_session_middleware_is_recognised_by_its_form(string key, bool isOne) =>
        Assert.That(CacheKey.From(key).LooksLikeSessionKey, Is.EqualTo(isOne));
}

public sealed class CacheKeyLimitTests
{
    [Test]
    public void A_missing_or_empty_key_is_refused()
    {
        Assert.That(() => CacheKey.From(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("key"));
        Assert.That(() => CacheKey.From(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("key"));
    }

    [Test]
    public void A_blank_key_is_a_key_like_any_other() =>
        Assert.That(CacheKey.From(" ").Bytes, Is.EqualTo(new byte[] { 0x20 }));

    [TestCase("a", 1025)]
    [TestCase("é", 513)]
    [TestCase("☃", 342)]
    [TestCase("secret", 200)]
    public void A_key_of_more_bytes_is_refused_however_few_characters_it_has_and_not_shown(string text, int count)
    {
        var exception = Assert.Throws<ArgumentException>(() => CacheKey.From(string.Concat(Enumerable.Repeat(text, count))));

        Assert.That(exception.ParamName, Is.EqualTo("key"));
        Assert.That($"{exception}", Does.Contain("1024").And.Not.Contain("secret"));
    }

    // The metadata of an attribute holds no half of a pair: the place and the character are given apart.
    [TestCase(6, 0xD800)]
    [TestCase(0, 0xDC00)]
    [TestCase(3, 0xD83D)]
    public void Half_of_a_surrogate_pair_is_refused_without_showing_the_key(int at, int half)
    {
        var key = "secret".Insert(at, ((char)half).ToString());

        var exception = Assert.Throws<ArgumentException>(() => CacheKey.From(key));

        Assert.That(exception.ParamName, Is.EqualTo("key"));
        Assert.That(exception!.Message, Does.Not.Contain("sec").And.Not.Contain("D8"));
    }

    [Test]
    public void What_logs_show_of_a_key_is_the_start_of_its_SHA256()
    {
        // printf secret | sha256sum
        Assert.That(CacheKey.From("secret").ToString(), Is.EqualTo("2bb80d53"));
    }
}

public sealed class HashedKeyTests
{
    [Test]
    public void The_row_stands_under_a_mark_and_the_SHA256_of_the_key_and_their_crc()
    {
        var key = CacheKey.From("schlüssel", isHashed: true);

        Assert.That(key.Bytes, Is.EqualTo((byte[])[0xFF, .. SHA256.HashData(Encoding.UTF8.GetBytes("schlüssel"))]).And.Length.EqualTo(CacheKey.HashLength));
        Assert.That(key.Crc, Is.EqualTo(Crc32.HashToUInt32(key.Bytes)), "the crc of the text would tell of the text");
    }

    [Test]
    public void The_key_itself_is_there_for_unhashed_rows_and_legacy_tables_and_is_the_rows_without_hashing()
    {
        var (hashed, plain) = (CacheKey.From("key", isHashed: true), CacheKey.From("key"));

        Assert.That((hashed.PlainBytes, hashed.PlainCrc), Is.EqualTo((plain.Bytes, plain.Crc)));
        Assert.That((plain.Bytes, plain.Crc), Is.EqualTo((plain.PlainBytes, plain.PlainCrc)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_key_of_a_row_is_known_by_its_bytes(bool isHashed)
    {
        var key = CacheKey.From("key", isHashed);
        var (found, unhashed) = (CacheKey.OfRow(key.Bytes, isHashed), CacheKey.OfRow(key.PlainBytes, isHashed));

        Assert.That((found, found.GetHashCode(), found.Crc), Is.EqualTo((key, key.GetHashCode(), key.Crc)));
        Assert.That((unhashed, unhashed.GetHashCode()), Is.EqualTo((key, key.GetHashCode())), "a row that still has its plain key");
        Assert.That(CacheKey.OfRow(key.PlainBytes).Bytes, Is.EqualTo(key.PlainBytes));
        Assert.That(CacheKey.OfRow([0xFE, 1], isHashed), Is.Not.EqualTo(CacheKey.OfRow([0xFE, 2], isHashed)));
    }

    [Test]
    public void Logs_show_the_same_of_it_whether_it_is_hashed_or_not() =>
        Assert.That($"{CacheKey.From("secret", isHashed: true)}", Is.EqualTo($"{CacheKey.From("secret")}"));

    [Test]
    public void A_session_key_is_told_by_its_text() =>
        Assert.That(CacheKey.From(Guid.Empty.ToString(), isHashed: true).LooksLikeSessionKey, Is.True);
}

internal static class TestKeys
{
    public static List<CacheKey> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => CacheKey.From(i.ToString(CultureInfo.InvariantCulture)))];
}
