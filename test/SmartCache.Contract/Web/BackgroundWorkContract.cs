namespace SmartCache.Contract.Web;

/// <summary>Work that a request leaves behind belongs to no request.</summary>
[NewestRelease]
public abstract class BackgroundWorkContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_session_saved_by_work_that_outlives_its_request_is_a_plain_value()
    {
        var app = await StartAsync();
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        using var meter = new MeterReading();
        var go = new Gate();
        var work = await browser.RunAsync(async context =>
        {
            await context.Session.LoadAsync();
            return new[] { OutliveAsync(app, go, cache => cache.SetAsync(browser.Key, SessionBytes.Of(Guid.NewGuid(), ("c", "3")))) };
        });
        await browser.RunAsync(context => context.Session.SetString("b", "2"));
        go.Open();
        await work[0];

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("c=3"));
        Assert.That(meter.Merged + meter.Discarded + meter.Unmerged, Is.Zero);
    }

    [Test]
    public async Task Work_that_uses_the_cache_while_its_request_ends_is_not_disturbed()
    {
        var app = await StartAsync();
        var browser = app.NewBrowserWithKey();
        await app.Cache.SetStringAsync("value", "there");
        var works = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            var name = $"set {i}";
            works.AddRange(await browser.RunAsync(context =>
            {
                context.Session.SetString("a", name);
                return new[] { Task.Run(() => UseUntilAfterTheRequest(app)) };
            }));
        }

        await Task.WhenAll(works);
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=set 199"));
    }

    /// <summary>The test above rarely meets this moment: the context of the work has just ended.</summary>
    [Test]
    public async Task A_context_that_has_ended_is_no_request()
    {
        var ended = new DefaultHttpContext();
        ended.Uninitialize();
        var app = await StartAsync(new WebSetUp
        {
            ServicesAfter = services => services.AddSingleton<IHttpContextAccessor>(new FixedAccessor { HttpContext = ended }),
        });

        await app.Cache.SetAsync("session", SessionBytes.Of(Guid.NewGuid(), ("a", "1")));
        Assert.That(await app.Cache.GetAsync("session"), Is.Not.Null);
        await app.Cache.RefreshAsync("session");
        await app.Cache.RemoveAsync("session");

        Assert.That(Table.Count(), Is.Zero);
    }

    private static async Task OutliveAsync(WebApp app, Gate go, Func<IDistributedCache, Task> work)
    {
        await go.PassAsync();
        Assert.That(() => HttpContextOf(app), Is.Null.After(30).Seconds.PollEvery(5).MilliSeconds, "the request has ended");
        await work(app.Cache);
    }

    private static void UseUntilAfterTheRequest(WebApp app)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        for (var isOver = false; !isOver;)
        {
            patience.Token.ThrowIfCancellationRequested();
            isOver = HttpContextOf(app) is null;
            app.Cache.Refresh("value");
        }

        Assert.That(app.Cache.GetString("value"), Is.EqualTo("there"));
    }

    private static HttpContext? HttpContextOf(WebApp app) => app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext;

    private sealed class FixedAccessor : IHttpContextAccessor
    {
        public HttpContext? HttpContext { get; set; }
    }
}
