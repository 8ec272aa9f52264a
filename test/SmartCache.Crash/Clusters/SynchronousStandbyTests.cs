using SmartCache.Crash.Faults;
using SmartCache.Crash.Judging;
using SmartCache.Crash.Runs;

namespace SmartCache.Crash.Clusters;

/// <summary>An app that follows when its server is killed and the synchronous standby takes its place.</summary>
[Category("Cluster"), NonParallelizable]
public sealed class SynchronousStandbyTests : LosslessFixture
{
    /// <summary>Less than Npgsql by itself takes for believed to be down what was down a moment ago.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly FailOver _failOver = new(lag: TimeSpan.Zero);

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using var engine = new PairCrashEngine(isSynchronous: true);
        await engine.StartAsync(diskSize: 0);
        await RunAsync("postgres-synchronous", engine, ClusterPlan.Of(new AppKill(1), _failOver, new AppKill(0)));
    }

    [Test]
    public void Nothing_acknowledged_is_missing_when_a_session_is_loaded() => AssertNone(ComplaintKind.Unseen);

    [Test]
    public void All_processes_find_the_new_server_soon() =>
        Assert.That(Result.Faults.Single(fault => fault.Name == _failOver.Name).Recovery, Is.LessThan(Soon));
}
