namespace SmartCache.Contract.Setup;

/// <summary>Several caches in one app: each has a key, and options of the same name.</summary>
[NewestRelease]
public abstract class KeyedCacheContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task Each_key_is_a_cache_of_its_own_however_often_it_is_registered([Values] bool besideOneWithoutAKey)
    {
        var (sessions, pages) = (NewTable(), NewTable());
        var services = new ServiceCollection();
        Engine.AddCache(services, sessions.Name, options => options.MaxValueSize = 3, "sessions");
        Engine.AddCache(services, pages.Name, key: "pages");
        Engine.AddCache(services, options => options.DefaultSlidingExpiration = TimeSpan.FromMinutes(7), "sessions");
        if (besideOneWithoutAKey)
            Engine.AddCache(services, Table.Name);

        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredKeyedService<IDistributedCache>("sessions");
        await cache.SetAsync("key", [1]);
        await provider.GetRequiredKeyedService<IDistributedCache>("pages").SetAsync("key", [2, 2, 2, 2]);
        if (besideOneWithoutAKey)
            await provider.GetRequiredService<IDistributedCache>().SetAsync("key", [3, 3, 3, 3]);

        Assert.That(provider.GetKeyedServices<IDistributedCache>("sessions").Distinct(), Is.EqualTo(new[] { cache }));
        Assert.That(provider.GetRequiredKeyedService<SmartDistributedCache>("sessions"), Is.SameAs(cache));
        Assert.That(sessions.Row("key"), Has.Property("Value").EqualTo(new byte[] { 1 }).And.Property("SlidingMs").EqualTo(420_000), "the options of both calls");
        Assert.That(() => cache.SetAsync("key", new byte[4]), Throws.TypeOf<CacheValueTooLargeException>());
        Assert.That(pages.Row("key"), Has.Property("Value").EqualTo(new byte[] { 2, 2, 2, 2 }).And.Property("SlidingMs").EqualTo(1_200_000));
        if (besideOneWithoutAKey)
            Assert.That(Table.Row("key"), Has.Property("Value").EqualTo(new byte[] { 3, 3, 3, 3 }).And.Property("SlidingMs").EqualTo(1_200_000));
    }

    [Test]
    public void Alone_they_leave_what_has_no_key_as_it_is([Values] bool usesMvc)
    {
        var services = new ServiceCollection();
        if (usesMvc)
            services.AddControllersWithViews();

        using var provider = Engine.AddCache(services, Table.Name, key: "sessions").BuildServiceProvider();

        Assert.That(provider.GetService<SmartDistributedCache>(), Is.Null);
        Assert.That(provider.GetService<IDistributedCache>(), usesMvc ? Is.TypeOf<MemoryDistributedCache>() : Is.Null);
    }

    [TestCase("")]
    [TestCase(" ")]
    public void A_key_without_a_character_is_refused(string key) =>
        Assert.That(() => Engine.AddCache(new ServiceCollection(), Table.Name, key: key), Throws.ArgumentException.With.Property("ParamName").EqualTo("name"));

    [Test]
    public async Task They_can_share_a_data_source_and_even_a_table()
    {
        var own = NewTable();
        await using var source = Engine.CreateDataSource();
        var services = new ServiceCollection();
        foreach (var (key, table) in new[] { ("one", Table), ("other", Table), ("own", own) })
            Engine.AddCache(services, table.Name, options => (options.ConnectionString, options.DataSource) = (null, source), key);

        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredKeyedService<IDistributedCache>("one").SetAsync("key", [1]);

            Assert.That(await provider.GetRequiredKeyedService<IDistributedCache>("other").GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
            Assert.That(await provider.GetRequiredKeyedService<IDistributedCache>("own").GetAsync("key"), Is.Null);
        }

        Assert.That(async () => await (await source.OpenConnectionAsync()).DisposeAsync(), Throws.Nothing, "it was not disposed with the caches");
    }

    [Test]
    public async Task The_container_flushes_and_disposes_each_of_them([Values] bool async)
    {
        var pages = NewTable();
        var logs = new CapturedLogs();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddLogging(logging => logging.AddProvider(logs));
        Engine.AddCache(services, Table.Name, options => options.ExpiredRemovalInterval = null, "sessions");
        Engine.AddCache(services, pages.Name, options => options.ExpiredRemovalInterval = null, "pages");
        services.AddSingleton(all => all.GetRequiredKeyedService<IDistributedCache>("sessions"));
        var provider = services.BuildServiceProvider();
        IDistributedCache[] caches = [provider.GetRequiredService<IDistributedCache>(), provider.GetRequiredKeyedService<IDistributedCache>("pages")];
        foreach (var cache in caches)
        {
            await cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
            await cache.GetAsync("key");
        }

        Time.Advance(TimeSpan.FromMinutes(10));
        foreach (var cache in caches)
            await cache.RefreshAsync("key");

        if (async)
            await provider.DisposeAsync();
        else
            provider.Dispose();

        Assert.That(new[] { Table, pages }.Select(table => table.Row("key").ExpiresAt), Is.All.EqualTo(Time.Milliseconds + 1_200_000));
        Assert.That(logs.At(LogLevel.Warning).Concat(logs.At(LogLevel.Error)), Is.Empty);
        foreach (var cache in caches)
            Assert.That(() => cache.GetAsync("key"), Throws.InstanceOf<ObjectDisposedException>());
    }
}
