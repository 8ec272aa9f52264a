namespace SmartCache.Contract.Migration;

/// <summary>What is removed or overwritten does not come back from a peer's table.</summary>
public abstract class LegacyRemovalContract<TEngine, TPeer>(CallStyle style) : LegacyTableContract<TEngine, TPeer>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    private const int Rounds = 40;

    [Test]
    public async Task A_removal_removes_here_and_there([Values] bool isHereToo)
    {
        Legacy.Put("key", Value, Soon);
        if (isHereToo)
        {
            await Cache.GetAsync("key");
            Legacy.Put("key", Value, Soon);
        }

        Legacy.Put("other", Value, Soon);
        await Cache.RemoveAsync("key");

        Assert.That((Legacy.Has("key"), Table.Count()), Is.EqualTo((false, 0)));
        await Cache.RemoveAsync("key");
        Assert.That(await Cache.GetAsync("key"), Is.Null);
        Assert.That(await Cache.GetAsync("other"), Is.EqualTo(Value));
    }

    [Test]
    public async Task An_overwritten_value_does_not_come_back([Values] bool isSwept)
    {
        Legacy.Put("key", Value, Soon.AddDays(1));
        await Cache.SetAsync("key", [1], For(TimeSpan.FromMinutes(1)));

        Assert.That(Legacy.Count(), Is.Zero);
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
        Time.Advance(TimeSpan.FromHours(1));
        await (isSwept ? Node.Inner.RemoveExpiredAsync() : Cache.RemoveAsync("key"));
        Assert.That(Table.Count(), Is.Zero);
        Assert.That(await Cache.GetAsync("key"), Is.Null);
    }

    [Test]
    public async Task If_several_ask_at_once_one_migrates_the_value_and_all_get_it()
    {
        Node[] nodes = [NewNode(), NewNode(), NewNode(), NewNode()];
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"key {round}";
            Legacy.Put(key, Value, Soon);
            var values = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Cache.GetAsync(key))));

            Assert.That(values, Is.All.EqualTo(Value));
        }

        Assert.That((Legacy.Count(), Table.Count()), Is.EqualTo((0, Rounds)));
    }

    [Test]
    public async Task A_removal_or_a_write_wins_over_a_migration_at_the_same_time([Values] bool removes)
    {
        Node[] nodes = [NewNode(), NewNode(), NewNode()];
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"key {round}";
            Legacy.Put(key, Value, Soon);
            await Task.WhenAll(
                Task.Run(() => nodes[0].Cache.GetAsync(key)),
                Task.Run(() => removes ? nodes[1].Cache.RemoveAsync(key) : nodes[1].Cache.SetAsync(key, [1], new())),
                Task.Run(() => nodes[2].Cache.GetAsync(key)));

            Assert.That(Table.Find(key)?.Value, Is.EqualTo(removes ? null : new byte[] { 1 }), $"round {round}");
            Assert.That(Legacy.Has(key), Is.False, $"round {round}");
        }
    }
}
