using Microsoft.Extensions.Diagnostics.HealthChecks;
using SmartCache.Registration;

namespace SmartCache.Contract.Observing;

/// <summary>The health check fails while the cache cannot work, says why, and passes again.</summary>
public abstract class HealthContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task It_fails_while_the_table_is_missing()
    {
        var services = new ServiceCollection().AddLogging();
        Engine.AddCache(services, Table.Name).AddHealthChecks().AddSmartCache();
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        using (new MissingTable(Engine, Table))
        {
            var missing = await CheckAsync();
            Assert.That(missing.Status, Is.EqualTo(HealthStatus.Unhealthy));
            Assert.That(missing.Description, Is.EqualTo($"The table {Table.Name} cannot be used."));
            Assert.That(missing.Exception!.Message, Does.Contain("does not exist").Or.Contain("has no column"));
        }

        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        async Task<HealthReportEntry> CheckAsync() => (await health.CheckHealthAsync()).Entries["smartcache"];
    }

    [Test]
    public async Task Each_keyed_cache_has_a_check_of_its_own()
    {
        var other = NewTable();
        var services = new ServiceCollection().AddLogging();
        Engine.AddCache(services, Table.Name, key: "one");
        Engine.AddCache(services, other.Name, key: "other");
        services.AddHealthChecks()
            .AddSmartCache(key: "one")
            .AddSmartCache("second", "other", HealthStatus.Degraded, ["ready"]);
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        using (new MissingTable(Engine, other))
        {
            var entries = (await health.CheckHealthAsync()).Entries;
            Assert.That(entries["smartcache:one"].Status, Is.EqualTo(HealthStatus.Healthy));
            Assert.That(entries["second"].Status, Is.EqualTo(HealthStatus.Degraded));
            Assert.That(entries["second"].Tags, Is.EqualTo(new[] { "ready" }));
        }
    }

    [Test]
    public async Task It_fails_while_touches_cannot_be_written()
    {
        BusySource connections = null!;
        var node = Owned(new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, intercept: source => connections = new BusySource(source)));
        await node.Inner.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await node.Inner.RefreshAsync("key");
        connections.BeforeWrite = static () => throw InjectedFaultException.Before;
        Assert.That(() => node.Inner.FlushAsync(), Throws.TypeOf<InjectedFaultException>());
        Assert.That((await CheckAsync(node)).Status, Is.EqualTo(HealthStatus.Healthy), "not for long");

        Time.Advance(TimeSpan.FromSeconds(61));
        var behind = await CheckAsync(node);
        Assert.That(behind.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(behind.Description, Is.EqualTo("Touches have not been written for 61 seconds."));

        connections.BeforeWrite = null;
        await node.Inner.FlushAsync();
        Assert.That((await CheckAsync(node)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task It_fails_while_expired_rows_are_not_removed()
    {
        BusySource connections = null!;
        var node = Owned(new Node(
            Engine, Table.Name, Time, CallStyle.Asynchronous, static options => options.ExpiredRemovalInterval = TimeSpan.FromMinutes(5),
            intercept: source => connections = new BusySource(source)));
        await node.Inner.GetAsync("key");
        connections.BeforeWrite = static () => throw InjectedFaultException.Before;

        Time.Advance(TimeSpan.FromMinutes(16));
        Assert.That((await CheckAsync(node)).Status, Is.EqualTo(HealthStatus.Healthy));
        Time.Advance(TimeSpan.FromSeconds(1));
        var behind = await CheckAsync(node);
        Assert.That(behind.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(behind.Description, Is.EqualTo("Expired rows have not been removed for 961 seconds."));

        connections.BeforeWrite = null;
        await node.Inner.RemoveExpiredAsync();
        Assert.That((await CheckAsync(node)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    private static Task<HealthCheckResult> CheckAsync(Node node)
    {
        var check = new SmartCacheHealthCheck(node.Inner);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("smartcache", check, failureStatus: null, tags: null) });
    }
}
