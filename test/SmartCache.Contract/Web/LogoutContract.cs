namespace SmartCache.Contract.Web;

/// <summary>What a request asks for its session reaches the commit of the real middleware.</summary>
[NewestRelease]
public abstract class LogoutContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private WebApp _app = null!;
    private Browser _browser = null!;

    [Test]
    public async Task A_request_that_began_before_a_logout_does_not_undo_it([Values] LogoutStyle logout, [LogLevels] LogLevel logLevel)
    {
        await LogInAsync(logLevel);
        using var meter = new MeterReading();
        var slow = await _browser.BeginSlowAsync(context => context.Session.SetString("visited", "cart"));

        await (logout switch
        {
            LogoutStyle.RemoveInARequest => _browser.RunAsync(context => context.RequestServices.GetRequiredService<SmartDistributedCache>().RemoveAsync(_browser.Key)),
            LogoutStyle.RemoveOutsideOfRequests => _app.Cache.RemoveAsync(_browser.Key),
            LogoutStyle.Abandon => _browser.RunAsync(context => context.AbandonSession()),
            _ => throw new ArgumentOutOfRangeException(nameof(logout), logout, null),
        });
        Assert.That(Table.Find(_browser.Key), Is.Null);
        await slow.EndAsync();

        Assert.That(Table.Count(), Is.Zero);
        Assert.That(meter.Discarded, Is.EqualTo(1));
        Assert.That(_app.Logs.At(LogLevel.Information), Has.Exactly(logLevel == LogLevel.Information ? 1 : 0).Contains("was discarded"));
    }

    [Test]
    public async Task A_request_can_skip_or_force_its_save([Values] bool forces, [LogLevels] LogLevel logLevel)
    {
        await LogInAsync(logLevel);
        var before = Table.Row(_browser.Key);

        await _browser.RunAsync(context =>
        {
            context.Session.SetString("user", forces ? "ann" : "ben");
            context.SkipSessionSave();
            if (forces)
                context.ForceSessionSave();
        });

        var row = Table.Row(_browser.Key);
        Assert.That(row.Entries, Is.EqualTo("user=ann"));
        Assert.That(row.Version, forces ? Is.Not.EqualTo(before.Version) : Is.EqualTo(before.Version));
    }

    private async Task LogInAsync(LogLevel logLevel)
    {
        _app = await StartAsync(ConcurrencyMode.Optimistic, logLevel);
        _browser = _app.NewBrowserWithKey();
        await _browser.RunAsync(context => context.Session.SetString("user", "ann"));
    }
}
