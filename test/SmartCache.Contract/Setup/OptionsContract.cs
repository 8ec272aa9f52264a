namespace SmartCache.Contract.Setup;

/// <summary>Options that cannot work are named when the app starts, and where there is no host, when the cache is first built.</summary>
[NewestRelease]
public abstract class OptionsContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static IEnumerable<TestCaseData> BadOptions()
    {
        static TestCaseData Bad(string option, Action<SmartCacheOptions> set, string detail = "") =>
            new TestCaseData(option, set).SetArgDisplayNames($"{option}{detail}");

        yield return Bad(nameof(SmartCacheOptions.ConnectionString), options => options.ConnectionString = null, " missing");
        yield return Bad(nameof(SmartCacheOptions.ConnectionString), options => options.ConnectionString = " ", " blank");
        yield return Bad(nameof(SmartCacheOptions.ConnectionString), options => options.ConnectionString += ";Sesame=open", " unknown keyword");
        yield return Bad(nameof(SmartCacheOptions.TableName), options => options.TableName = null!);
        yield return Bad(nameof(SmartCacheOptions.TableName), options => options.TableName = "we\"ird; DROP TABLE x", " hostile");
        yield return Bad(nameof(SmartCacheOptions.MaxValueSize), options => options.MaxValueSize = 0);
    }

    /// <summary>Every option that is neither a plain value nor made of plain values, those of later versions included.</summary>
    private static IEnumerable<string> OptionsInCode() =>
        from option in typeof(SmartCacheOptions).GetProperties()
        where !IsPlain(option.PropertyType) && !option.PropertyType.GetProperties().Where(static part => part.CanWrite).Any(static part => IsPlain(part.PropertyType))
        select option.Name;

    private static bool IsPlain(Type type) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? IsPlain(underlying) : type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(TimeSpan);

    [Test]
    public void A_connection_string_that_cannot_be_read_is_not_shown()
    {
        using var services = Engine.AddCache(new ServiceCollection(), Table.Name, options => options.ConnectionString += ";Password=sesame;open up=now")
            .BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<IDistributedCache>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ConnectionString").And.Message.Not.Contains("sesame").And.Message.Not.Contains("open up"));
    }

    [TestCaseSource(nameof(BadOptions))]
    public void A_bad_option_is_named_when_the_host_starts_and_without_a_host_when_the_cache_is_built(string option, Action<SmartCacheOptions> set)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Engine.AddCache(builder.Services, Table.Name, set);
        using var host = builder.Build();
        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains($"Options.{option} "));

        using var services = Engine.AddCache(new ServiceCollection(), Table.Name, set).BuildServiceProvider();
        Assert.That(
            () => services.GetRequiredService<IDistributedCache>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains($"Options.{option} "));
    }

    [Test]
    public async Task A_bad_option_of_one_of_several_caches_is_named_with_the_key_of_the_cache()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Engine.AddCache(builder.Services, Table.Name);
        Engine.AddCache(builder.Services, Table.Name, key: "sessions");
        Engine.AddCache(builder.Services, Table.Name, static options => (options.MaxValueSize, options.TableName) = (0, ""), "pages");
        using var host = builder.Build();
        foreach (var use in new Func<Task>[] { () => host.StartAsync(), () => Task.FromResult(host.Services.GetRequiredKeyedService<IDistributedCache>("pages")) })
        {
            var faults = Assert.ThrowsAsync<OptionsValidationException>(() => use())!.Failures.ToList();
            Assert.That(faults, Has.Count.EqualTo(2));
            Assert.That(faults, Has.Exactly(1).Match("^Cache 'pages': Smart[A-Za-z]+Options.MaxValueSize is 0"));
            Assert.That(faults, Has.Exactly(1).Match("^Cache 'pages': Smart[A-Za-z]+Options.TableName "));
        }

        await host.Services.GetRequiredKeyedService<IDistributedCache>("sessions").SetAsync("key", [1]);
        Assert.That(await host.Services.GetRequiredService<IDistributedCache>().GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Good_options_let_the_host_start_without_a_connection()
    {
        var never = NewTable();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Engine.AddCache(builder.Services, never.Name);
        using var host = builder.Build();

        Assert.That(async () => { await host.StartAsync(); await host.StopAsync(); }, Throws.Nothing);
        Assert.That(() => never.Count(), Throws.Exception, "nothing was created");
    }

    // Dancer::Session::DBI: configuration from the app's config file.
    [TestCase(null)]
    [TestCase("pages")]
    public async Task Options_are_bound_from_configuration(string? key)
    {
        var section = Section(
            ("ConnectionString", Engine.ConnectionString),
            ("TableName", Table.Name),
            ("Concurrency", "pessimistic"),
            ("RefreshMode", "Immediate"),
            ("DefaultSlidingExpiration", "00:07:00"),
            ("ExpiredRemovalInterval", "00:01:00"),
            ("MaxValueSize", "3"),
            ("Columns:Value", "value"));
        await using var services = Engine.AddCache(new ServiceCollection(), section, key).BuildServiceProvider();
        var cache = services.GetRequiredKeyedService<IDistributedCache>(key);
        await cache.SetAsync("key", [1, 2, 3]);

        Assert.That(Table.Row("key").SlidingMs, Is.EqualTo(420_000));
        Assert.That(() => cache.SetAsync("key", [1, 2, 3, 4]), Throws.TypeOf<CacheValueTooLargeException>());
    }

    [TestCase("TabelName", "x")]
    [TestCase("Columns:Valeu", "x")]
    [TestCase("RefreshMode", "Sometimes")]
    public void A_name_or_a_value_in_the_configuration_that_cannot_be_read_is_an_error_that_names_it(string name, string value)
    {
        var section = Section(("ConnectionString", Engine.ConnectionString), (name, value));
        using var services = Engine.AddCache(new ServiceCollection(), section).BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<IDistributedCache>(), Throws.InvalidOperationException.With.Message.Contains(name.Split(':')[^1]));
    }

    [Test]
    public void An_option_that_no_configuration_can_hold_is_said_to_belong_to_the_options_of_the_caches_key()
    {
        using var services = Engine.AddCache(new ServiceCollection(), Section(("ConnectionString", Engine.ConnectionString), ("Merge", "x")), "pages").BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredKeyedService<IDistributedCache>("pages"), Throws.InvalidOperationException.With.Message.Contains("Options>(\"pages\", options => …)"));
    }

    [TestCaseSource(nameof(OptionsInCode))]
    public void An_option_that_no_configuration_can_hold_is_an_error_that_names_it_and_says_where_to_set_it(string option)
    {
        foreach (var name in new[] { option, option.ToUpperInvariant(), $"{option}:Anything" })
        {
            using var services = Engine.AddCache(new ServiceCollection(), Section(("ConnectionString", Engine.ConnectionString), (name, "x"))).BuildServiceProvider();

            Assert.That(
                () => services.GetRequiredService<IDistributedCache>(),
                Throws.InvalidOperationException.With.Message.Contains($"Cache:{option}").And.Message.Contains("in code"),
                name);
        }
    }

    [Test]
    public void An_option_in_code_beside_a_configuration_is_no_error()
    {
        using var services = Engine.AddCache(
            Engine.AddCache(new ServiceCollection(), Section(("ConnectionString", Engine.ConnectionString))),
            static options => options.Merge.Entry("hits").Add()).BuildServiceProvider();

        Assert.That(() => services.GetRequiredService<IDistributedCache>(), Throws.Nothing);
    }

    // Dancer::Session::DBI: the app hands over a live handle.
    [Test]
    public async Task A_data_source_takes_the_place_of_a_connection_string_and_stays_the_apps_own()
    {
        await using var source = Engine.CreateDataSource();
        await using (var services = Engine.AddCache(new ServiceCollection(), Table.Name, Use).BuildServiceProvider())
        {
            await services.GetRequiredService<IDistributedCache>().SetAsync("key", [1]);
        }

        Assert.That(Table.Row("key").Value, Is.EqualTo(new byte[] { 1 }));
        Assert.That(async () => await (await source.OpenConnectionAsync()).DisposeAsync(), Throws.Nothing, "it was not disposed with the cache");

        void Use(SmartCacheOptions options) => (options.ConnectionString, options.DataSource) = (null, source);
    }

    private static IConfigurationSection Section(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"Cache:{value.Name}", (string?)value.Value)))
            .Build()
            .GetSection("Cache");
}
