using SmartCache.Engines;

namespace SmartCache.Crash;

/// <summary>A success that a browser saw is in the database, whatever is killed meanwhile.</summary>
[TestFixtureSource(typeof(CrashTests), nameof(CrashTests.Engines))]
public sealed class BrowserTests(string name)
{
    private SingleEngine _engine = null!;
    private BrowserRun _run = null!;
    private BrowserResult _result = null!;

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        _engine = new SingleEngine(await Database.StartAsync(name));
        _run = new BrowserRun(_engine);
        if (_engine.Database.Server is { IsOwned: false })
            Assert.Ignore("The server was not started by this suite, so it cannot be killed.");

        _result = await _run.RunAsync(name, CrashPlan.FromEnvironment().Visits);
        CrashReport.Save(_result);
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        await _run.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public void Every_success_that_a_browser_saw_is_in_the_database() => Assert.That(_result.On.Complaints, Is.Empty);

    [Test]
    public void Requests_were_answered_with_and_without_success()
    {
        Assert.That(_result.On.Acknowledged, Is.Positive);
        Assert.That(_result.On.Refused + _result.On.Open, Is.Positive);
        Assert.That(_result.Off.Acknowledged, Is.Positive);
    }

    /// <summary>The middleware alone would commit when all of the answer is sent. So the same check sees all of it lost.</summary>
    [Test]
    public async Task A_kill_while_the_answers_are_sent_loses_nothing_but_what_the_middleware_alone_would_commit([Values] bool isOn, [Values] bool isHttp2)
    {
        var verdict = await _run.RunWithKillDuringAnswersAsync(isOn, isHttp2);

        Assert.That(verdict.Acknowledged, Is.EqualTo(BrowserRun.Requests + 1));
        Assert.That(verdict.Of(ComplaintKind.Lost).Count(), Is.EqualTo(isOn ? 0 : BrowserRun.Requests));
    }
}
