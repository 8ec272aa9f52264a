using Polly;
using Polly.Retry;

namespace SmartCache.Contract.Observing;

/// <summary>What the meter says of operations, of the database, and of the cache's background work.</summary>
public abstract class MetricsContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static readonly Dictionary<string, string> SystemNames = new()
    {
        ["PostgreSQL"] = "postgresql",
        ["MariaDB"] = "mariadb",
        ["MySQL"] = "mysql",
        ["SQLite"] = "sqlite",
        ["Firebird"] = "firebirdsql",
    };

    private Measurements _measured = null!;
    private FaultySource _faults = null!;
    private PausingSource _pauses = null!;

    private string SystemName => SystemNames[Engine.Name.Split(' ')[0]];

    [SetUp]
    public void BeginMeasuring() => _measured = new Measurements();

    [TearDown]
    public void EndMeasuring() => _measured.Dispose();

    [Test]
    public async Task Operations_are_timed_by_name_and_outcome([Values] CallStyle style)
    {
        var node = NewNode(style: style);
        await node.Cache.GetAsync("key");
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        await node.Cache.GetAsync("key");
        await node.Cache.RefreshAsync("key");
        await node.Cache.RemoveAsync("key");
        using (new MissingTable(Engine, Table))
            Assert.That(() => node.Cache.GetAsync("key"), Throws.Exception);

        Assert.That(Operations(), Is.EqualTo(new[] { "get miss", "set done", "get hit", "refresh done", "remove done", "get failed" }));
        var all = _measured.Of("smartcache.operation.duration");
        Assert.That(all, Has.All.Property("Value").InRange(0, 60));
        Assert.That(all.Select(static measured => measured.Tag("smartcache.cache.name")), Is.All.EqualTo("default"));
        Assert.That(all.Select(static measured => measured.Tag("db.system.name")), Is.All.EqualTo(SystemName));
        Assert.That(all.Select(static measured => measured.Tag("error.type") is not null), Is.EqualTo(new[] { false, false, false, false, false, true }));
    }

    [Test]
    public async Task A_sessions_operations_have_names_of_their_own([Values] CallStyle style)
    {
        var node = NewNode(style: style);
        var key = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(node, key, "entry", "1");
        var slow = new SimulatedRequest(node, key);
        await slow.SetAsync("entry", "2");
        await node.Inner.RemoveAsync(key);
        await slow.EndAsync();

        Assert.That(
            Operations(),
            Is.EqualTo(new[] { "session.read miss", "session.save saved", "session.read hit", "remove done", "session.save discarded" }));
        Assert.That(_measured.Total("smartcache.session.discarded"), Is.EqualTo(1));
    }

    [Test]
    public async Task Works_on_the_database_are_timed_by_operation_and_table()
    {
        var node = NewNode();
        await node.Inner.SetAsync("key", [1], Expires.ByDefault);
        await node.Inner.GetAsync("key");
        await node.Inner.RemoveAsync("key");

        var works = _measured.Of("db.client.operation.duration");
        Assert.That(works.Select(static work => work.Tag("db.operation.name")), Is.EqualTo(new[] { "describe", "upsert", "read", "remove" }));
        Assert.That(works.Select(static work => work.Tag("db.collection.name")), Is.All.EqualTo(Table.Name));
        Assert.That(works.Select(static work => work.Tag("db.system.name")), Is.All.EqualTo(SystemName));
    }

    [Test]
    public async Task Payloads_are_measured_as_they_are_stored()
    {
        var node = NewNode();
        await node.Inner.SetAsync("key", new byte[300], Expires.ByDefault);
        await node.Inner.GetAsync("key");
        await node.Inner.GetAsync("missing");

        Assert.That(
            _measured.Of("smartcache.payload.size").Select(static size => $"{size.Tag("db.operation.name")} {size.Value}"),
            Is.EqualTo(new[] { "write 300", "read 300" }));
    }

    [Test]
    public async Task Shared_statements_are_counted_with_their_sizes()
    {
        const int reads = 20;
        var node = NewNode(static options => options.CoalescingConnections = 1);
        for (var i = 0; i < reads; i++)
            await node.Inner.SetAsync($"{i}", [(byte)i], Expires.ByDefault);

        await node.Inner.GetAsync("warm");
        var pause = _pauses.AfterNextRead();
        var pending = new List<Task<byte[]?>>();
        for (var i = 0; i < reads; i++)
        {
            pending.Add(node.Inner.GetAsync($"{i}"));
            await pause.Reached;
        }

        pause.Open();
        await Task.WhenAll(pending).WaitAsync(Patience.Limit);

        var shared = _measured.Of("smartcache.shared_statement.size");
        Assert.That(shared.Select(static size => size.Tag("db.operation.name")), Is.All.EqualTo("read"));
        Assert.That(shared, Engine.SharesStatements ? Is.Not.Empty : Is.Empty);
        Assert.That(shared.Sum(static size => size.Value), Engine.SharesStatements ? Is.InRange(2, reads) : Is.Zero);
        var batches = _measured.Of("db.client.operation.duration").Count(static work => work.Tag("db.operation.name") == "BATCH read");
        Assert.That(batches, Is.EqualTo(shared.Count));
    }

    [Test]
    public async Task Retries_are_counted_and_logged()
    {
        var node = NewNode(options => options.Resilience = static builder => builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<InjectedFaultException>(),
            MaxRetryAttempts = 1,
            Delay = TimeSpan.Zero,
        }));
        await node.Inner.GetAsync("warm");
        _faults.BreakNextRead();
        await node.Inner.GetAsync("key");

        var retry = _measured.Of("smartcache.retries").Single();
        Assert.That(retry.Tag("db.operation.name"), Is.EqualTo("read"));
        Assert.That(retry.Tag("smartcache.retry.reason"), Is.EqualTo("fault"));
        Assert.That(retry.Tag("error.type"), Is.EqualTo(typeof(InjectedFaultException).FullName));
        Assert.That(node.Logs.At(LogLevel.Debug), Has.Some.Contains("The database operation 'read' failed and is tried again (try 2)."));
        Assert.That(node.Logs.At(LogLevel.Warning), Is.Empty);

        using (new MissingTable(Engine, Table))
        {
            _faults.BreakNextRead();
            Assert.That(() => node.Inner.GetAsync("key"), Throws.Exception);
        }

        Assert.That(node.Logs.At(LogLevel.Warning).Single(), Does.Contain("The database operation 'read' failed after 2 tries."));
    }

    [TestCase(FaultMoment.AfterTheWork, "written")]
    [TestCase(FaultMoment.BeforeTheWork, "not_written")]
    public async Task In_doubt_writes_are_counted_with_what_became_of_them(FaultMoment moment, string outcome)
    {
        var node = NewNode();
        var key = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(node, key, "entry", "1");
        var request = new SimulatedRequest(node, key);
        await request.SetAsync("entry", "2");
        _faults.BreakNextWrite(moment);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
        await request.SetAsync("entry", "3");
        await request.EndAsync();

        Assert.That(
            _measured.Of("smartcache.session.in_doubt").Select(static write => $"{write.Tag("smartcache.in_doubt.outcome")} {write.Value}"),
            Is.EqualTo(new[] { "unknown 1", $"{outcome} 1" }));
    }

    [Test]
    public async Task Touches_and_sweeps_are_counted()
    {
        await using var node = new Node(
            Engine, Table.Name, Time, CallStyle.Asynchronous, static options => options.ExpiredRemovalInterval = TimeSpan.FromMinutes(5));
        await node.Inner.SetAsync("live", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await node.Inner.SetAsync("dead", [1], Expires.After(TimeSpan.FromSeconds(1)));
        Assert.That(_measured.Observe("smartcache.touches.waiting").Single().Value, Is.Zero);
        Assert.That(_measured.Observe("smartcache.flush.lag").Single().Value, Is.Zero);

        await node.Inner.RefreshAsync("live");
        Assert.That(_measured.Observe("smartcache.touches.waiting").Single().Value, Is.EqualTo(1));
        await node.Inner.FlushAsync();
        Assert.That(_measured.Observe("smartcache.touches.waiting").Single().Value, Is.Zero);
        Assert.That(_measured.Total("smartcache.touches.written"), Is.EqualTo(1));

        var later = new FakeTimeProvider(Time.GetUtcNow() + TimeSpan.FromMinutes(10));
        await using var sweeping = new Node(Engine, Table.Name, later, CallStyle.Asynchronous);
        await sweeping.Inner.RemoveExpiredAsync();
        Assert.That(_measured.Total("smartcache.rows.swept"), Is.EqualTo(1));
        Assert.That(_measured.Observe("smartcache.sweep.lag").Single().Value, Is.Zero, "only one of them sweeps by itself");
    }

    [Test]
    public async Task Connections_in_use_are_observed()
    {
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous);
        await node.Inner.SetAsync("key", [1], Expires.ByDefault);
        Assert.That(_measured.Observe("db.client.connection.count").Single().Value, Is.Zero);

        var count = await new CacheConnections(node.Inner.Connections).RunAsync(
            (_, _) => Task.FromResult(_measured.Observe("db.client.connection.count").Single()));
        Assert.That(count.Value, Is.EqualTo(1));
        Assert.That(
            count.Tags.Keys,
            Is.EquivalentTo(new[] { "smartcache.cache.name", "db.system.name", "db.client.connection.pool.name", "db.client.connection.state" }));
    }

    [Test]
    public async Task Keyed_caches_are_told_apart_and_disposed_ones_are_no_longer_observed()
    {
        var other = NewTable();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time);
        Engine.AddCache(services, Table.Name, key: "one");
        Engine.AddCache(services, other.Name, key: "other");
        await using (var provider = services.BuildServiceProvider())
        {
            foreach (var key in new[] { "one", "other" })
                await provider.GetRequiredKeyedService<IDistributedCache>(key).GetAsync("key");

            Assert.That(
                _measured.Of("smartcache.operation.duration").Select(static each => each.Tag("smartcache.cache.name")), Is.EqualTo(new[] { "one", "other" }));
            Assert.That(
                _measured.Observe("smartcache.touches.waiting").Select(static each => each.Tag("smartcache.cache.name")),
                Is.EquivalentTo(new[] { "one", "other" }));

            await provider.GetRequiredKeyedService<SmartDistributedCache>("one").DisposeAsync();
            Assert.That(
                _measured.Observe("smartcache.touches.waiting").Select(static each => each.Tag("smartcache.cache.name")), Is.EqualTo(new[] { "other" }));
        }
    }

    private Node NewNode(Action<SmartCacheOptions>? configure = null, CallStyle style = CallStyle.Asynchronous) => Owned(new Node(
        Engine, Table.Name, Time, style, configure, intercept: connections => _faults = new FaultySource(_pauses = new PausingSource(connections))));

    private IEnumerable<string> Operations() => _measured.Of("smartcache.operation.duration")
        .Select(static measured => $"{measured.Tag("smartcache.operation.name")} {measured.Tag("smartcache.operation.outcome")}");
}
