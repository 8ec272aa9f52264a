namespace SmartCache.Contract.Web;

/// <summary>Requests of one session that run at the same time.</summary>
public abstract class SessionRaceContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>In each combination, each of 8 requests, unless told otherwise.</summary>
    private static readonly int Rounds = Race.RoundsOr(13);

    [PairsByDay]
    public async Task No_acknowledged_entry_is_lost(
        [Values] SessionState state, [Values] LoadStyle style, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        using var meter = new MeterReading();
        var race = new Race(app, style);

        var lost = new List<string>();
        for (var round = 0; round < Rounds; round++)
            lost.AddRange(await race.RunRoundAsync(round, browser => PrepareAsync(browser, state)));

        Assert.That(lost, Is.Empty);
        var roundsThatMeet = (Rounds + 1) / 2;
        Assert.That(meter.Merged, Is.AtLeast(roundsThatMeet * (Race.Requests - 1)), "the requests did overlap");
        Assert.That(meter.Conflicts, Is.Zero);
    }

    /// <summary>The rounds above can fail: they do on the memory cache.</summary>
    [Test]
    public async Task The_same_rounds_lose_entries_on_a_cache_in_which_the_last_writer_wins([Values] LoadStyle style)
    {
        var app = await StartAsync(new WebSetUp
        {
            ServicesAfter = services => services.AddSingleton<IDistributedCache, MemoryDistributedCache>(),
        });
        var race = new Race(app, style);

        var lost = await race.RunRoundAsync(round: 0, _ => Task.CompletedTask);

        Assert.That(lost, Has.Count.EqualTo(Race.Requests - 1));
    }

    [Test]
    public async Task First_requests_of_a_browser_that_was_just_given_its_cookie_lose_nothing([Values] LoadStyle style)
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        await browser.RunAsync(context =>
        {
            // Setting an entry has the cookie sent; without one left there is nothing to save.
            context.Session.SetString("a", "1");
            context.Session.Remove("a");
        });
        Assert.That(browser.HasKey);
        Assert.That(Table.Count(), Is.Zero);
        var race = new Race(app, style);

        Assert.That(await race.RunRoundAsync(round: 0, known => Task.FromResult(known.Key = browser.Key)), Is.Empty);
        Assert.That(Table.Row(browser.Key).Entries.Split("=here"), Has.Length.EqualTo(Race.Requests + 1));
    }

    [Test]
    public async Task Entries_that_are_removed_and_entries_that_are_set_at_the_same_time_do_not_hinder_each_other()
    {
        var app = await StartAsync();
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => Enumerable.Range(0, 4).ToList().ForEach(number => context.Session.SetString($"old {number}", "there")));
        var meeting = new Meeting(8);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => browser.RunAsync(async context =>
        {
            await context.Session.LoadAsync();
            await meeting.ArriveAsync();
            if (number < 4)
                context.Session.Remove($"old {number}");
            else
                context.Session.SetString($"new {number}", "there");
        })));

        var names = await browser.RunAsync(context => context.Session.Keys.ToList());
        Assert.That(names, Is.EquivalentTo(new[] { "new 4", "new 5", "new 6", "new 7" }));
    }

    private async Task PrepareAsync(Browser browser, SessionState state)
    {
        switch (state)
        {
            case SessionState.New:
                Table.Remove(browser.Key);
                break;
            case SessionState.Expired:
                await browser.RunAsync(context => context.Session.SetString("expired", "with the row"));
                Time.Advance(TimeSpan.FromMinutes(21));
                Assert.That(Table.Row(browser.Key).ExpiresAt, Is.LessThan(Time.Milliseconds));
                break;
            default:
                await browser.RunAsync(context => context.Session.SetString("established", "before"));
                break;
        }
    }
}
