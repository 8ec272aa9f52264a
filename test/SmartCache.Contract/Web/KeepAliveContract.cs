namespace SmartCache.Contract.Web;

/// <summary>Which requests keep a session alive. Its window is the stock 20 minutes.</summary>
[NewestRelease]
public abstract class KeepAliveContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);

    private WebApp _app = null!;
    private Browser _browser = null!;

    [Test]
    public async Task Requests_keep_their_session_alive([Values] RefreshMode mode, [Values(SessionUse.Untouched, SessionUse.Read)] SessionUse use)
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

    /// <summary>The session is committed when the response starts. The time after that counts too.</summary>
    [Test]
    public async Task A_long_response_keeps_its_session_alive_until_it_ends([Values] RefreshMode mode, [Values(SessionUse.Read, SessionUse.Changed)] SessionUse use)
    {
        await BeginAsync(mode);
        var end = new Gate();
        using var response = await _browser.SendAsync(
            async context =>
            {
                Read(context);
                if (use == SessionUse.Changed)
                    context.Session.SetString("a", "1");

                await context.Response.WriteAsync("text");
                await end.PassAsync();
            },
            HttpCompletionOption.ResponseHeadersRead);
        await end.Reached;

        Time.Advance(TimeSpan.FromMinutes(5));
        end.Open();
        await response.Content.ReadAsStringAsync();

        Assert.That(await ExpiryAsync(), Is.EqualTo(Time.Milliseconds + (long)Window.TotalMilliseconds));
    }

    private async Task BeginAsync(RefreshMode mode)
    {
        _app = await StartAsync(new WebSetUp { Cache = options => options.RefreshMode = mode });
        _browser = _app.NewBrowserWithKey();
        await _browser.RunAsync(context => context.Session.SetString("user", "ann"));
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
            Read(context);
    }
}
