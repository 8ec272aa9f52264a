using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Values;
using SmartCache.Engines;

namespace SmartCache.Crash;

/// <summary>An app that writes to all nodes of a cluster. One node is killed and comes back.</summary>
[Category("Cluster"), NonParallelizable]
public sealed class GaleraTests : LosslessFixture
{
    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using var engine = await GaleraCrashEngine.StartAsync();
        await RunAsync("galera", engine, ClusterPlan.Of(new AppKill(1), new NodeKill(2), new NodeKill(1), new AppKill(0)));
    }
}

/// <summary>The errors that only a cluster gives, and what the cache makes of them.</summary>
[Category("Cluster"), NonParallelizable]
public sealed class GaleraFaultTests
{
    private const int Deadlock = 1213;
    private const int NotReady = 1047;

    private GaleraCrashEngine _cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _cluster = await GaleraCrashEngine.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_save_that_another_node_was_ahead_of_is_tried_again()
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
            await _cluster.UntilAsync(2, isReady: false);

            Assert.That(() => cache.SetAsync("key", [2], Expires.ByDefault), Throws.InstanceOf<DbException>().With.Matches<DbException>(refusal => NumberOf(refusal) == NotReady));
        }
        finally
        {
            await _cluster.IsolateAsync(2, isIsolated: false);
        }

        await _cluster.UntilAsync(2, isReady: true);
        await cache.SetAsync("key", [3], Expires.ByDefault);

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 3 }));
    }

    /// <summary>Saves on all nodes under one key at once, and returns what saves failed with.</summary>
    private async Task<List<DbException>> ContendAsync(Action<SmartCacheOptions>? configure = null)
    {
        var failures = await Task.WhenAll(Enumerable.Range(0, 2 * GaleraCrashEngine.Nodes).Select(caller => Task.Run(async () =>
        {
            await using var services = Services(caller % GaleraCrashEngine.Nodes, configure);
            return await SaveOftenAsync(services.GetRequiredService<SmartDistributedCache>());
        })));
        return [.. failures.SelectMany(static each => each)];
    }

    private static async Task<List<DbException>> SaveOftenAsync(SmartDistributedCache cache)
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

/// <summary>A node of the cluster is killed, stays away for a while, and joins again.</summary>
internal sealed class NodeKill(int number) : Fault
{
    /// <summary>Longer than the other nodes take to notice.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(10);

    public override string Name => $"node {number} killed";
    public override int Kills => 1;

    public override async Task StrikeAsync(CrashEngine engine, App app)
    {
        var cluster = (GaleraCrashEngine)engine;
        await cluster.Node(number).KillAsync();
        await Task.Delay(Absence);
        await cluster.Node(number).RestartAsync();
        await cluster.UntilAsync(number, isReady: true);
    }
}

/// <summary>Runs on clusters: three processes and some faults.</summary>
internal static class ClusterPlan
{
    private const int Processes = 3;
    private const int Workers = 6;

    public static CrashPlan Of(params Fault[] faults) => new(null, Processes, Workers) { Round = _ => faults };
}

/// <summary>A Galera cluster, each process of the app on a node of its own.</summary>
internal sealed class GaleraCrashEngine(GaleraCluster cluster) : CrashEngine
{
    public const int Nodes = 3;

    private const int UnknownCommand = 1047;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public override string Name => "mariadb";
    public override Database Database => OfNode(0);

    public static async Task<GaleraCrashEngine> StartAsync()
    {
        var engine = new GaleraCrashEngine(await GaleraCluster.StartAsync(Nodes));
        for (var number = 0; number < Nodes; number++)
            await engine.UntilAsync(number, isReady: true);

        return engine;
    }

    public EngineServer Node(int number) => cluster.Nodes[number];

    public override string ConnectionStringOf(int process) => Node(process % Nodes).ConnectionString;

    /// <summary>Waits until a node is up to date with the others, or until it refuses statements about tables.</summary>
    public async Task UntilAsync(int number, bool isReady)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await IsReadyAsync(number) != isReady)
            await Task.Delay(Pause, patience.Token);
    }

    /// <summary>Cuts a node off from the others, and connects it again.</summary>
    public Task IsolateAsync(int number, bool isIsolated) =>
        OfNode(number).ListAsync($"SET GLOBAL wsrep_provider_options = 'gmcast.isolate={(isIsolated ? 1 : 0)}'");

    /// <summary>Every node's own check of its table, and whether all tables are the same.</summary>
    public override async Task<IReadOnlyList<string>> FindDamageAsync()
    {
        var damage = new List<string>();
        var checksums = new List<string>();
        for (var number = 0; number < Nodes; number++)
        {
            // A node that has not yet applied the others' writes would differ from them.
            await using var connection = await OfNode(number).OpenAsync();
            await Database.ListAsync(connection, "SET SESSION wsrep_sync_wait = 15");
            damage.AddRange(await Database.Family.FindDamageAsync(OfNode(number), "smart_cache"));
            checksums.AddRange(await Database.ListAsync(connection, "CHECKSUM TABLE smart_cache"));
        }

        return checksums.Distinct().Count() == 1 ? damage : [.. damage, $"The nodes differ: {string.Join(", ", checksums)}"];
    }

    public override ValueTask DisposeAsync() => cluster.DisposeAsync();

    private Database OfNode(int number) => Database.At(Name, Node(number).ConnectionString);

    private async Task<bool> IsReadyAsync(int number)
    {
        try
        {
            return (await OfNode(number).ListAsync("SHOW STATUS LIKE 'wsrep_local_state_comment'")).Contains("wsrep_local_state_comment Synced");
        }
        catch (DbException exception) when (exception.Data["Server Error Code"] is UnknownCommand)
        {
            return false;
        }
    }
}
