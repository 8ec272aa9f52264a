namespace SmartCache.Contract.Migration;

/// <summary>Keys in a peer's table are texts under a collation of its own; ours are bytes.</summary>
public abstract class LegacyKeyContract<TEngine, TPeer>(CallStyle style) : LegacyTableContract<TEngine, TPeer>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    [TestCase("KEY")]
    [TestCase("key ")]
    [TestCase(" key")]
    [TestCase("kéy")]
    [TestCase("ключ")]
    [TestCase("😀")]
    [TestCase("key%")]
    [TestCase("key\0")]
    [TestCase("it's \"key\"")]
    public async Task A_key_that_is_not_there_byte_by_byte_is_not_there(string other)
    {
        Legacy.Put("key", Value, Soon, sliding: TimeSpan.FromMinutes(20));

        Assert.That(await Cache.GetAsync(other), Is.Null);
        await Cache.RefreshAsync(other);
        await Node.Inner.FlushAsync();
        await Cache.SetAsync(other, [1], new());
        await Cache.RemoveAsync(other);
        Assert.That(Legacy.Has("key"), Is.True);
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
    }

    [Test]
    public async Task A_key_longer_than_the_peers_column_is_not_there()
    {
        var longest = new string('k', 1024);

        Assert.That(await Cache.GetAsync(longest), Is.Null);
        await Cache.SetAsync(longest, [1], new());
        Assert.That(await Cache.GetAsync(longest), Is.EqualTo(new byte[] { 1 }));
        await Cache.RemoveAsync(longest);
        Assert.That(await Cache.GetAsync(longest), Is.Null);
    }

    [TestCase("a key with blanks")]
    [TestCase("it's a \"key\"")]
    [TestCase("back\\slash %_")]
    public async Task A_key_is_found_whatever_it_is_made_of(string key)
    {
        Legacy.Put(key, Value, Soon);

        Assert.That(await Cache.GetAsync(key), Is.EqualTo(Value));
        Assert.That((Legacy.Count(), Table.Row(key).Value), Is.EqualTo((0, Value)));
    }
}
