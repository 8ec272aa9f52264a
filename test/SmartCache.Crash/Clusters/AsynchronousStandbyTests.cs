using SmartCache.Crash.Judging;
using SmartCache.Crash.Runs;

namespace SmartCache.Crash.Clusters;

/// <summary>
/// An app whose server does not wait for its standby, which lags behind when it takes the server's place. This shows
/// what is lost then, and that the judge sees what is.
/// </summary>
[Category("Cluster"), NonParallelizable]
public sealed class AsynchronousStandbyTests : CrashFixture
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using var engine = new PairCrashEngine(isSynchronous: false);
        await engine.StartAsync(diskSize: 0);
        await RunAsync("postgres-asynchronous", engine, ClusterPlan.Of(new FailOver(Lag)));
    }

    [Test]
    public void What_the_standby_had_not_got_yet_is_lost() => Assert.That(Result.Verdict.Of(ComplaintKind.Lost), Is.Not.Empty);
}
