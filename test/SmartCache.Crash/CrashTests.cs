using SmartCache.Engines;

// The runs mostly wait.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(6)]

namespace SmartCache.Crash;

/// <summary>Kills an app and its database, and fills the disk, while the app saves. Afterwards, journals and rows are compared.</summary>
[TestFixtureSource(nameof(Engines))]
public sealed class CrashTests(string name) : LosslessFixture
{
    /// <summary>The newest release of each, or the one that the environment variable <c>DATABASE</c> names.</summary>
    public static IEnumerable<string> Engines =>
        Environment.GetEnvironmentVariable("DATABASE") is { Length: > 0 } ? [EngineFamily.FromEnvironment(EngineFamily.Engines)] : ["sqlite", "postgres", "mariadb", "mysql"];

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        var plan = CrashPlan.FromEnvironment();
        await using var engine = new SingleEngine(await Database.StartAsync(name, new EngineOptions { DiskSize = plan.DiskSize }));
        if (engine.Database.Server is { IsOwned: false })
            Assert.Ignore("The server was not started by this suite, so it cannot be killed.");

        await RunAsync(name, engine, plan);
    }

    [Test]
    public void Nothing_acknowledged_is_missing_when_a_session_is_loaded() => AssertNone(ComplaintKind.Unseen);

    [Test]
    public void Every_kind_of_fault_struck()
    {
        string[] ofServer = ["all connections killed, 4 times", "the server killed"];
        string[] expected = ["1 of the app's processes killed", .. name == "sqlite" ? ["2 of the app's processes killed"] : ofServer, .. CrashPlan.FillsDisk ? ["the disk full"] : Array.Empty<string>()];

        Assert.That(Result.Faults.Select(fault => fault.Name).Distinct(), Is.EquivalentTo(expected));
    }

    [Test]
    public void Saves_were_under_way_when_their_process_was_killed() => Assert.That(Result.Verdict.Open, Is.Positive);
}

/// <summary>The tests of every run. A derived class does the run once.</summary>
public abstract class CrashFixture
{
    /// <summary>The fewest saves with which a run shows anything.</summary>
    private const int Enough = 500;

    private protected CrashResult Result { get; private set; } = null!;

    [Test]
    public void Nothing_is_there_that_nobody_tried_to_save() => AssertNone(ComplaintKind.Phantom);

    [Test]
    public void The_table_is_sound() => Assert.That(Result.Damage, Is.Empty);

    [Test]
    public void Requests_are_refused_with_nothing_but_errors_of_the_database()
    {
        string[] known =
        [
            "NpgsqlException", "PostgresException", "MySqlException", "SqliteException", "InvalidOperationException", "TimeoutException",

            // A count whose answer was lost, and that more saves followed than a row remembers.
            "SessionMergeException",
        ];

        Assert.That(Result.Verdict.Reasons.Keys.Where(reason => !known.Contains(reason.Split(':')[0])), Is.Empty);
    }

    [Test]
    public void The_run_has_something_to_show()
    {
        Assert.That(Result.Verdict.Acknowledged, Is.AtLeast(Enough));
        Assert.That(Result.Verdict.LogOuts, Is.Positive);
        Assert.That(Result.Verdict.Counts, Is.AtLeast(Enough / 10));
    }

    private protected async Task RunAsync(string title, CrashEngine engine, CrashPlan plan)
    {
        Result = await CrashRun.RunAsync(title, engine, plan);
        CrashReport.Save(Result);
    }

    private protected void AssertNone(ComplaintKind kind) => Assert.That(Result.Verdict.Of(kind), Is.Empty);
}

/// <summary>A run on a database that keeps what it acknowledged.</summary>
public abstract class LosslessFixture : CrashFixture
{
    [Test]
    public void No_acknowledged_save_is_lost() => AssertNone(ComplaintKind.Lost);

    [Test]
    public void No_acknowledged_removal_is_undone() => AssertNone(ComplaintKind.Undone);
}
