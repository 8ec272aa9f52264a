namespace SmartCache.Contract.Web;

/// <summary>Which requests keep a session alive. Its window is the stock 20 minutes.</summary>
[NewestRelease]
public abstract class KeepAliveContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);

    private WebApp _app = null!;
    private Browser _browser = null!;

    /// <summary>When the session would expire if nobody came any more.</summary>
    private long _firstExpiry;

    [Test]
    public async Task Requests_keep_their_session_alive(
        [Values] RefreshMode mode, [Values(SessionUse.Untouched, SessionUse.Read)] SessionUse use)
    {
        await BeginAsync(mode);

        for (var visit = 0; visit < 12; visit++)
        {
            Time.Advance(TimeSpan.FromMinutes(19));
            await _browser.RunAsync(context => Use(context, use));
        }

        Assert.That(await IsAliveAsync());
        Assert.That(await ExpiryAsync(), Is.EqualTo(Time.Milliseconds + (long)Window.TotalMilliseconds));
    }

    [Test]
    public async Task Beside_polling_a_visit_counts([Values] RefreshMode mode)
    {
        await BeginAsync(mode);

        for (var minute = 1; minute <= 25; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await _browser.RunAsync(context =>
            {
                Read(context);
                context.SkipSessionRefresh();
            });
            if (minute == 10)
            {
                await _browser.RunAsync(Read);
            }
        }

        Assert.That(await ExpiryAsync(), Is.EqualTo(_firstExpiry + 600_000));
        Assert.That(await IsAliveAsync());
    }

    [Test]
    public async Task A_visit_counts_while_polling_requests_are_under_way([Values] RefreshMode mode)
    {
        await BeginAsync(mode);
        Time.Advance(TimeSpan.FromMinutes(1));
        var early = await _browser.BeginSlowAsync(context => context.SkipSessionRefresh());
        Time.Advance(TimeSpan.FromSeconds(1));
        await _browser.RunAsync(Read);
        var visited = Time.Milliseconds;
        Time.Advance(TimeSpan.FromSeconds(1));
        var late = await _browser.BeginSlowAsync(context => context.SkipSessionRefresh());
        await early.EndAsync();
        await late.EndAsync();

        Assert.That(await ExpiryAsync(), Is.EqualTo(visited + (long)Window.TotalMilliseconds));
    }

    [Test]
    public async Task A_visit_counts_while_it_is_being_written([Values(SessionUse.Untouched, SessionUse.Read)] SessionUse use)
    {
        await BeginAsync(RefreshMode.Deferred);
        var key = _browser.Key;

        // Another node, which has not saved the session and may never have seen it.
        _app = await StartAsync();
        _browser = _app.NewBrowser();
        _browser.Key = key;
        Time.Advance(TimeSpan.FromMinutes(15));
        await _browser.RunAsync(context => Use(context, use));
        using (new LockedRow(Engine, Table, key))
        {
            Time.Advance(TimeSpan.FromMinutes(10));

            Assert.That(await IsAliveAsync());
        }
    }

    [Test]
    public async Task An_app_that_stops_leaves_its_last_visits_in_the_database([Values] RefreshMode mode)
    {
        await BeginAsync(mode);
        Time.Advance(TimeSpan.FromMinutes(5));
        await _browser.RunAsync(Read);
        Time.Advance(TimeSpan.FromSeconds(1));
        await _browser.RunAsync(_ => { });
        var key = _browser.Key;

        await _app.DisposeAsync();

        Assert.That(Table.Row(key).ExpiresAt, Is.EqualTo(Time.Milliseconds + (long)Window.TotalMilliseconds));
    }

    private async Task BeginAsync(RefreshMode mode)
    {
        _app = await StartAsync(new WebSetUp { Cache = options => options.RefreshMode = mode });
        _browser = _app.NewBrowserWithKey();
        await _browser.RunAsync(context => context.Session.SetString("user", "ann"));
        _firstExpiry = Table.Row(_browser.Key).ExpiresAt;
    }

    private async Task<long> ExpiryAsync()
    {
        await _app.SmartCache.FlushAsync();
        return Table.Row(_browser.Key).ExpiresAt;
    }

    private Task<bool> IsAliveAsync() => _browser.RunAsync(context => context.Session.Keys.Any());

    private static void Read(HttpContext context) => Assert.That(context.Session.GetString("user"), Is.EqualTo("ann"));

    private static void Use(HttpContext context, SessionUse use)
    {
        if (use == SessionUse.Read)
        {
            Read(context);
        }
    }
}
