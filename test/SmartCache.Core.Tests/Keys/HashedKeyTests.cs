using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using SmartCache.Keys;

namespace SmartCache.Core.Tests.Keys;

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
    public void The_key_itself_is_there_for_rows_of_before_and_old_tables()
    {
        var key = CacheKey.From("key", isHashed: true);

        Assert.That((key.PlainBytes, key.PlainCrc), Is.EqualTo((CacheKey.From("key").Bytes, CacheKey.From("key").Crc)));
    }

    [Test]
    public void Without_hashing_the_row_stands_under_the_key_itself()
    {
        var key = CacheKey.From("key");

        Assert.That((key.Bytes, key.Crc), Is.EqualTo((key.PlainBytes, key.PlainCrc)));
    }

    [Test]
    public void Logs_show_the_same_of_it_whether_it_is_hashed_or_not() =>
        Assert.That($"{CacheKey.From("secret", isHashed: true)}", Is.EqualTo($"{CacheKey.From("secret")}"));

    [Test]
    public void A_session_key_is_told_by_its_text() =>
        Assert.That(CacheKey.From(Guid.Empty.ToString(), isHashed: true).LooksLikeSessionKey, Is.True);
}
