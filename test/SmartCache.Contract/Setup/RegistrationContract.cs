using Microsoft.AspNetCore.Session;

namespace SmartCache.Contract.Setup;

/// <summary>One line registers the cache, wherever it stands among the others, and the stock session finds it.</summary>
[NewestRelease]
public abstract class RegistrationContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>What also registers the in-memory distributed cache, or what uses a cache.</summary>
    private static IEnumerable<TestCaseData> Neighbours() =>
        from neighbour in new (string Name, Action<IServiceCollection> Add)[]
        {
            ("MVC", static services => services.AddControllersWithViews()),
            ("Razor Pages", static services => services.AddRazorPages()),
            ("the memory cache", static services => services.AddDistributedMemoryCache()),
            ("everything", static services => services.AddMvc().Services.AddDistributedMemoryCache().AddResponseCaching()),
            ("sessions", static services => services.AddSession()),
            ("nothing", static _ => { }),
        }
        from isFirst in new[] { true, false }
        from isKeyed in new[] { true, false }
        select new TestCaseData(neighbour.Add, isFirst, isKeyed).SetArgDisplayNames(
            neighbour.Name, isFirst ? "ours first" : "ours last", isKeyed ? "with a key" : "without a key");

    [TestCaseSource(nameof(Neighbours))]
    public async Task Sessions_are_kept_in_it_whatever_else_is_registered_and_in_whichever_order(Action<IServiceCollection> add, bool isFirst, bool isKeyed)
    {
        var services = new ServiceCollection();
        foreach (var step in isFirst ? new[] { AddOurs, add } : [add, AddOurs])
            step(services);

        if (services.All(static service => service.ServiceType != typeof(ISessionStore)))
            services.AddSession();

        await using var provider = services.BuildServiceProvider();
        var session = provider.GetRequiredService<ISessionStore>().Create("key", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), static () => true, false);
        await session.LoadAsync();
        session.SetString("a", "1");
        await session.CommitAsync();

        Assert.That(provider.GetRequiredService<IDistributedCache>(), Is.TypeOf<SmartDistributedCache>());
        Assert.That(Table.Entries("key"), Is.EqualTo("a=1"));

        void AddOurs(IServiceCollection all)
        {
            Engine.AddCache(all, Table.Name, key: isKeyed ? "sessions" : null);
            if (isKeyed)
                all.AddSingleton(services => services.GetRequiredKeyedService<IDistributedCache>("sessions"));
        }
    }

    [Test]
    public async Task Registered_twice_it_is_still_one_cache()
    {
        var services = new ServiceCollection();
        Engine.AddCache(services, Table.Name);
        Engine.AddCache(services, Table.Name);
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetServices<IDistributedCache>().Distinct().Count(), Is.EqualTo(1));
        Assert.That(provider.GetRequiredService<SmartDistributedCache>(), Is.SameAs(provider.GetRequiredService<IDistributedCache>()));
        Assert.That(provider.GetServices<IHttpContextAccessor>().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Options_set_in_two_calls_add_up()
    {
        var services = new ServiceCollection();
        Engine.AddCache(services, Table.Name, options => options.MaxValueSize = 3);
        Engine.AddCache(services, options => options.DefaultSlidingExpiration = TimeSpan.FromMinutes(7));
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<IDistributedCache>();
        await cache.SetAsync("key", [1, 2, 3]);

        Assert.That(Table.Row("key").SlidingMs, Is.EqualTo(420_000));
        Assert.That(() => cache.SetAsync("key", new byte[4]), Throws.TypeOf<CacheValueTooLargeException>());
    }

    [Test]
    public async Task What_runs_in_the_background_does_not_belong_to_the_request_that_first_asked_for_the_cache()
    {
        var request = new AsyncLocal<string?> { Value = "the first request" };
        var time = new FlowingTime();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time);
        Engine.AddCache(services, Table.Name);
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IDistributedCache>();

        Assert.That(request.Value, Is.EqualTo("the first request"));
        Assert.That(time.Contexts, Is.Not.Empty);
        foreach (var context in time.Contexts.OfType<ExecutionContext>())
            ExecutionContext.Run(context, _ => Assert.That(request.Value, Is.Null), null);
    }

    [Test]
    public async Task It_may_be_disposed_both_ways_and_more_than_once_and_says_so_afterwards([Values] bool used)
    {
        var provider = Engine.AddCache(new ServiceCollection(), Table.Name).BuildServiceProvider();
        var cache = provider.GetRequiredService<SmartDistributedCache>();
        if (used)
            await cache.SetAsync("key", [1]);

        cache.Dispose();
        await cache.DisposeAsync();
        await provider.DisposeAsync();
        provider.Dispose();
        cache.Dispose();

        Assert.That(() => cache.GetAsync("key"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => cache.SetAsync("key", [1]), Throws.InstanceOf<ObjectDisposedException>());
    }

    /// <summary>Tells in which contexts its timers would fire: as the system's do, in the one they were created in.</summary>
    private sealed class FlowingTime : TimeProvider
    {
        /// <summary>Of each timer; null where its creator has kept the context from flowing.</summary>
        public List<ExecutionContext?> Contexts { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Contexts.Add(ExecutionContext.Capture());
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
