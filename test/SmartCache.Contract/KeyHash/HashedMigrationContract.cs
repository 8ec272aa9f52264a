namespace SmartCache.Contract.KeyHash;

/// <summary>What is migrated from a table with plain keys gets its hash at once.</summary>
public abstract class HashedMigrationContract<TEngine, TPeer>(CallStyle style) : LegacyTableContract<TEngine, TPeer>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    [Test]
    public async Task A_row_of_the_cache_comes_before_a_legacy_row([Values] bool isHashed)
    {
        await NewNode(options => (options.LegacyTable, options.StoreKeyHash) = (null, isHashed)).Cache.SetAsync("key", [1], For(TimeSpan.FromMinutes(5)));
        Legacy.Put("key", Value, Soon);

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
        Assert.That((Legacy.Count(), Table.Count()), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_write_or_a_removal_leaves_no_row_under_the_plain_key([Values] bool isRemoved)
    {
        await NewNode(static options => (options.LegacyTable, options.StoreKeyHash) = (null, false)).Cache.SetAsync("key", [1], For(TimeSpan.FromMinutes(5)));
        Legacy.Put("key", Value, Soon);
        await (isRemoved ? Cache.RemoveAsync("key") : Cache.SetAsync("key", [2], For(TimeSpan.FromMinutes(5))));

        Assert.That((Legacy.Count(), Table.Count(), Table.Find("key") is null), Is.EqualTo((0, isRemoved ? 0 : 1, true)));
        Assert.That(await Cache.GetAsync("key"), isRemoved ? Is.Null : Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task A_legacy_value_that_is_only_refreshed_is_migrated_too()
    {
        Legacy.Put("key", Value, Soon, sliding: TimeSpan.FromMinutes(20));
        await Cache.RefreshAsync("key");
        await Node.Inner.FlushAsync();

        Assert.That((Legacy.Count(), Table.UnderHashes.Row("key").ExpiresAt), Is.EqualTo((0, Time.Milliseconds + 1_200_000)));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.StoreKeyHash = true;
    }
}
