using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Values;

namespace SmartCache.Crash.Clusters;

/// <summary>The errors that only a cluster gives, as the cache meets them.</summary>
[Category("Cluster"), NonParallelizable]
public sealed class GaleraFaultTests
{
    private const int Deadlock = 1213;
    private const int NotReady = 1047;

    private readonly GaleraCrashEngine _cluster = new();

    [OneTimeSetUp]
    public Task StartAsync() => _cluster.StartAsync(diskSize: 0);

    [OneTimeTearDown]
    public async Task StopAsync() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_store_that_another_node_was_ahead_of_is_tried_again()
    {
        var withoutRetries = await ContendAsync(options => options.Resilience = static _ => { });
        var withRetries = await ContendAsync();

        Assert.That(withoutRetries.Select(NumberOf), Is.Not.Empty.And.All.EqualTo(Deadlock));
        Assert.That(withRetries.Select(NumberOf), Is.All.EqualTo(Deadlock));
        Assert.That(withRetries, Has.Count.LessThan(withoutRetries.Count / 10.0));
    }

    [Test]
    public async Task A_node_that_has_lost_the_others_refuses_and_serves_again_when_it_has_found_them()
    {
        await using var services = Services(2);
        var cache = services.GetRequiredService<SmartDistributedCache>();
        await cache.SetAsync("key", [1], Expires.ByDefault);
        await _cluster.IsolateAsync(2, isIsolated: true);
        try
        {
            await _cluster.UntilNotReadyAsync(2);

            Assert.That(() => cache.SetAsync("key", [2], Expires.ByDefault), Throws.InstanceOf<DbException>().With.Matches<DbException>(refusal => NumberOf(refusal) == NotReady));
        }
        finally
        {
            await _cluster.IsolateAsync(2, isIsolated: false);
        }

        await _cluster.UntilReadyAsync(2);
        await cache.SetAsync("key", [3], Expires.ByDefault);

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 3 }));
    }

    /// <summary>All nodes store under one key at once.</summary>
    /// <returns>What stores failed with.</returns>
    private async Task<List<DbException>> ContendAsync(Action<SmartCacheOptions>? configure = null)
    {
        var failures = await Task.WhenAll(Enumerable.Range(0, 2 * GaleraCrashEngine.Nodes).Select(caller => Task.Run(async () =>
        {
            await using var services = Services(caller % GaleraCrashEngine.Nodes, configure);
            return await StoreOftenAsync(services.GetRequiredService<SmartDistributedCache>());
        })));
        return [.. failures.SelectMany(static each => each)];
    }

    private static async Task<List<DbException>> StoreOftenAsync(SmartDistributedCache cache)
    {
        var failures = new List<DbException>();
        for (byte number = 0; number < 100; number++)
        {
            try
            {
                await cache.SetAsync("contended", [number], Expires.ByDefault);
            }
            catch (DbException exception)
            {
                failures.Add(exception);
            }
        }

        return failures;
    }

    private ServiceProvider Services(int node, Action<SmartCacheOptions>? configure = null) => new ServiceCollection()
        .AddSmartMySqlCache(options =>
        {
            options.ConnectionString = _cluster.ConnectionStringOf(node);
            configure?.Invoke(options);
        })
        .BuildServiceProvider();

    private static int? NumberOf(DbException exception) => exception.Data["Server Error Code"] as int?;
}
