using SmartCache.Crash.Faults;
using SmartCache.Crash.Runs;

namespace SmartCache.Crash.Clusters;

/// <summary>An app that writes to all nodes of a cluster at once, one of which is killed and comes back.</summary>
[Category("Cluster"), NonParallelizable]
public sealed class GaleraTests : LosslessFixture
{
    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using var engine = new GaleraCrashEngine();
        await engine.StartAsync(diskSize: 0);
        await RunAsync("galera", engine, ClusterPlan.Of(new AppKill(1), new NodeKill(2), new NodeKill(1), new AppKill(0)));
    }
}
