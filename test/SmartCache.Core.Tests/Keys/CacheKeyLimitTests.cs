using SmartCache.Keys;

namespace SmartCache.Core.Tests.Keys;

public sealed class CacheKeyLimitTests
{
    [Test]
    public void A_missing_key_is_refused() =>
        Assert.That(() => CacheKey.From(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("key"));

    [Test]
    public void An_empty_key_is_refused() =>
        Assert.That(() => CacheKey.From(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("key"));

    [Test]
    public void A_blank_key_is_a_key_like_any_other() =>
        Assert.That(CacheKey.From(" ").Bytes, Is.EqualTo(new byte[] { 0x20 }));

    [TestCase('a', 1024)]
    [TestCase('é', 512)]
    public void A_key_of_1024_bytes_fits(char letter, int count) =>
        Assert.That(CacheKey.From(new string(letter, count)).Bytes, Has.Length.EqualTo(1024));

    [TestCase('a', 1025)]
    [TestCase('é', 513)]
    [TestCase('☃', 342)]
    public void A_key_of_more_bytes_is_refused_however_few_characters_it_has(char letter, int count) =>
        Assert.That(
            () => CacheKey.From(new string(letter, count)),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("key").And.Message.Contain("1024"));

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
    public void The_refusal_of_a_long_key_does_not_show_it()
    {
        var exception = Assert.Throws<ArgumentException>(() => CacheKey.From(string.Concat(Enumerable.Repeat("secret", 200))));

        Assert.That(exception.ToString(), Does.Not.Contain("secret"));
    }

    [Test]
    public void What_logs_show_of_a_key_is_the_start_of_its_SHA256()
    {
        // printf secret | sha256sum
        Assert.That(CacheKey.From("secret").ToString(), Is.EqualTo("2bb80d53"));
    }
}
