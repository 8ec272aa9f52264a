using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly;
using Polly.Retry;

namespace SmartCache.Contract.Servers;

/// <summary>A server of the tests' own goes away and comes back; the app stays.</summary>
public abstract class OutageContract<TEngine>
    where TEngine : ServerEngine, new()
{
    private const int Writers = 4;
    private const int SavesBefore = 5;
    private const int Pooled = 10;

    private EngineServer _server = null!;

    private static TEngine Engine => Running.Of<TEngine>();

    [OneTimeSetUp]
    public async Task StartServer() => _server = await Engine.StartAnotherAsync();

    [OneTimeTearDown]
    public async Task EndServer() => await _server.DisposeAsync();

    /// <summary>Every test leaves the server up, unless it failed.</summary>
    [TearDown]
    public async Task MendServer()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed)
            await _server.RestartAsync();
    }

    [Test]
    public async Task The_app_starts_while_the_database_is_down_and_works_when_it_is_up([Values] CallStyle style)
    {
        await _server.StopAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Engine.AddCache(builder.Services, _server);
        using var host = builder.Build();
        await host.StartAsync();
        var cache = new StyledCache(host.Services.GetRequiredService<SmartDistributedCache>(), style);
        Assert.That(() => cache.GetAsync("page"), Throws.InstanceOf<DbException>());

        await _server.RestartAsync();
        await cache.SetAsync("page", [1], Expires.ByDefault);
        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await host.StopAsync();
    }

    [Test]
    public async Task The_health_check_fails_while_the_server_is_down_and_passes_when_it_is_up()
    {
        var services = new ServiceCollection();
        Engine.AddCache(services, _server).AddLogging().AddHealthChecks().AddSmartCache();
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        await _server.StopAsync();
        var down = await CheckAsync();
        Assert.That(down.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(down.Description, Is.EqualTo("The database does not answer about the table smart_cache."));

        await _server.RestartAsync();
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        async Task<HealthReportEntry> CheckAsync() => (await health.CheckHealthAsync()).Entries["smartcache"];
    }

    [Test]
    public async Task A_server_killed_between_two_uses_is_not_noticed([Values] CallStyle style)
    {
        await using var services = Engine.AddCache(new ServiceCollection(), _server).BuildServiceProvider();
        var cache = new StyledCache(services.GetRequiredService<SmartDistributedCache>(), style);
        await cache.SetAsync("page", [1], Expires.ByDefault);
        await _server.KillAsync();
        await _server.RestartAsync();

        Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(() => cache.SetAsync("page", [2], Expires.ByDefault), Throws.Nothing);
        Assert.That(() => cache.RemoveAsync("page"), Throws.Nothing);
    }

    [Test]
    public async Task An_operation_meets_at_most_one_pooled_connection_that_was_cut([Values] CallStyle style)
    {
        CacheConnections connections = null!;
        await using var node = new Node(
            Engine,
            "cut",
            TimeProvider.System,
            style,
            options =>
            {
                options.ConnectionString = _server.ConnectionString;
                options.Resilience = static builder => builder.AddRetry(new RetryStrategyOptions { MaxRetryAttempts = Engine.PoolNoticesCuts ? 1 : Pooled, Delay = TimeSpan.Zero });
            },
            intercept: source => connections = source);
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        await OpenManyAsync(connections);
        await _server.KillAsync();
        await _server.RestartAsync();

        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_server_killed_while_the_app_writes_loses_nothing_that_was_acknowledged([Values] CallStyle style)
    {
        await using var node = new Node(Engine, "killed", TimeProvider.System, style, options => options.ConnectionString = _server.ConnectionString);
        await node.Cache.GetAsync("creates the table");
        var key = SimulatedRequest.NewKey();
        var (isAtWork, isUpAgain) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writers = Enumerable.Range(0, Writers)
            .Select(number => Task.Run(() => SaveUntilAsync(isUpAgain.Task, node, key, number, isAtWork)))
            .ToList();
        await isAtWork.Task.WaitAsync(Patience.Limit);
        await _server.KillAsync();
        await _server.RestartAsync();
        isUpAgain.SetResult();
        var acknowledged = (await Task.WhenAll(writers)).SelectMany(names => names).ToList();

        var last = new SimulatedRequest(node, key);
        var found = (await last.LoadAsync()).Keys.ToList();
        await last.EndAsync();
        Assert.That(acknowledged.Except(found), Is.Empty);
    }

    /// <summary>Fills the pool: works that wait for each other have a connection each.</summary>
    private static async Task OpenManyAsync(CacheConnections connections)
    {
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var missing = Pooled;
        await Task.WhenAll(Enumerable.Range(0, Pooled).Select(_ => connections.RunAsync(async (_, token) =>
        {
            if (Interlocked.Decrement(ref missing) == 0)
                complete.SetResult();

            await complete.Task.WaitAsync(Patience.Limit, token);
            return true;
        })));
    }

    /// <summary>Sets an entry of its own per request, until one that began when the server was up again is acknowledged.</summary>
    private static async Task<List<string>> SaveUntilAsync(Task isUpAgain, Node node, string key, int number, TaskCompletionSource isAtWork)
    {
        var acknowledged = new List<string>();
        for (var store = 0; ; store++)
        {
            var isLast = isUpAgain.IsCompleted;
            try
            {
                await SimulatedRequest.SaveAsync(node, key, $"{number}.{store}");
            }
            catch (Exception exception) when (!isLast && exception is DbException or InvalidOperationException)
            {
                // Meanwhile there is no database, and the app has been told so.
                continue;
            }

            acknowledged.Add($"{number}.{store}");
            if (isLast)
                return acknowledged;

            if (acknowledged.Count == SavesBefore)
                isAtWork.TrySetResult();
        }
    }
}
