using SmartCache.Crash.Engines;
using SmartCache.Crash.Judging;
using SmartCache.Crash.Reports;

namespace SmartCache.Crash.Runs;

/// <summary>What is expected of every run, each as a test of its own; derive from it, and have the run done once.</summary>
public abstract class CrashFixture
{
    /// <summary>So many stores at least, or the run has shown nothing.</summary>
    private const int Enough = 500;

    private protected CrashResult Result { get; private set; } = null!;

    [Test]
    public void Nothing_is_there_that_nobody_tried_to_store() => AssertNone(ComplaintKind.Phantom);

    [Test]
    public void The_table_is_sound() => Assert.That(Result.Damage, Is.Empty);

    [Test]
    public void Requests_are_refused_with_nothing_but_errors_of_the_database()
    {
        string[] known =
        [
            "NpgsqlException", "PostgresException", "MySqlException", "SqliteException", "InvalidOperationException", "TimeoutException",

            // Of a count whose answer was lost, and that more stores have followed than a row remembers.
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
