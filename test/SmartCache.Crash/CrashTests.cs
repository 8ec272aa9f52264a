using SmartCache.Crash.Engines;
using SmartCache.Crash.Judging;
using SmartCache.Crash.Runs;

namespace SmartCache.Crash;

/// <summary>An app and its database are killed and starved while the app stores; afterwards journals and rows are compared.</summary>
[TestFixtureSource(nameof(Engines))]
public sealed class CrashTests(string name) : LosslessFixture
{
    /// <summary>All engines, or the one that the environment variable <c>DATABASE</c> names.</summary>
    public static IEnumerable<string> Engines =>
        Environment.GetEnvironmentVariable("DATABASE") is { Length: > 0 } one ? [one.ToLowerInvariant()] : CrashEngine.Names;

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        var plan = CrashPlan.FromEnvironment();
        await using var engine = CrashEngine.Of(name);
        await engine.StartAsync(plan.DiskSize);
        if (engine.Server is { IsOwned: false })
        {
            Assert.Ignore("The server is somebody else's and cannot be killed.");
        }

        await RunAsync(name, engine, plan);
    }

    [Test]
    public void Nothing_acknowledged_is_missing_when_a_session_is_loaded() => AssertNone(ComplaintKind.Unseen);

    [Test]
    public void Stores_were_under_way_when_their_process_was_killed() => Assert.That(Result.Verdict.Open, Is.Positive);
}
