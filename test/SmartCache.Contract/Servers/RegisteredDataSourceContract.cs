namespace SmartCache.Contract.Servers;

/// <summary>A cache whose options name no connection uses the data source that the app has registered.</summary>
[NewestRelease]
public abstract class RegisteredDataSourceContract<TEngine> : EngineContract<TEngine>
    where TEngine : ServerEngine, new()
{
    [Test]
    public async Task The_one_with_the_key_of_the_cache_comes_first_and_none_is_disposed()
    {
        await using var shared = Engine.CreateDataSource();
        await using var own = Engine.CreateDataSource();
        var type = DriversType(shared.GetType());
        var services = new ServiceCollection().AddSingleton(type, shared).AddKeyedSingleton(type, "pages", own);
        foreach (var key in new[] { null, "sessions", "pages" })
            Engine.AddCache(services, options => options.TableName = Table.Name, key);

        await using (var provider = services.BuildServiceProvider())
        {
            SmartDistributedCache[] caches =
            [
                provider.GetRequiredService<SmartDistributedCache>(),
                provider.GetRequiredKeyedService<SmartDistributedCache>("sessions"),
                provider.GetRequiredKeyedService<SmartDistributedCache>("pages"),
            ];
            Assert.That(caches.Select(cache => cache.Options.DataSource), Is.EqualTo(new[] { shared, shared, own }));
            await caches[0].SetAsync("page", [1], Expires.ByDefault);
            foreach (var cache in caches)
                Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        }

        foreach (var source in new[] { shared, own })
            Assert.That(async () => await (await source.OpenConnectionAsync()).DisposeAsync(), Throws.Nothing);
    }

    /// <summary>The type under which the driver registers a data source, which may be of a type that only the driver knows.</summary>
    private static Type DriversType(Type type) => type.IsPublic ? type : DriversType(type.BaseType!);
}
