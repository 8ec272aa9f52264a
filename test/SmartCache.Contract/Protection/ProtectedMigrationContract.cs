namespace SmartCache.Contract.Protection;

/// <summary>What is migrated from a table in the clear is encrypted at once.</summary>
[NewestRelease]
public abstract class ProtectedMigrationContract<TEngine, TPeer>(CallStyle style) : LegacyTableContract<TEngine, TPeer>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    [Test]
    public async Task A_value_is_trusted_and_encrypted_as_it_is_migrated([Values] bool isHashed, [Values] bool isStrict)
    {
        Use(options => (options.StoreKeyHash, options.RequireProtectedPayload) = (isHashed, isStrict));
        Legacy.Put("key", Value, Soon);

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
        var row = (isHashed ? Table.UnderHashes : Table).Row("key");
        Assert.That((row.Format, row.ExpiresAt, Legacy.Count(), Table.Count()), Is.EqualTo((16, Soon.ToUnixTimeMilliseconds(), 0, 1)));
        Assert.That(row.Value, Is.Not.EqualTo(Value));
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.ProtectPayload = true;
    }
}
