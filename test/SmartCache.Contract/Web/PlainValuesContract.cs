namespace SmartCache.Contract.Web;

/// <summary>An app's own values, used in the same requests as sessions, follow the plain contract.</summary>
[NewestRelease]
public abstract class PlainValuesContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const string Name = "price list";

    [Test]
    public async Task What_a_request_asks_for_its_session_does_not_change_a_value_refreshed_after_the_commit([Values] bool abandons, [Values] RefreshMode mode)
    {
        var app = await StartAsync(new WebSetUp
        {
            Cache = options => options.RefreshMode = mode,
            Outside = outside => outside.Use(async (context, next) =>
            {
                await next(context);
                Ask(context);
                await Cache(context).RefreshAsync(Name);
            }),
        });
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("user", "ann"));
        await app.Cache.SetStringAsync(Name, "list");
        await browser.RunAsync(context =>
        {
            Time.Advance(TimeSpan.FromMinutes(15));
            Ask(context);
            context.Session.SetString("visited", "cart");
        });
        Time.Advance(TimeSpan.FromMinutes(15));

        Assert.That(await app.Cache.GetStringAsync(Name), Is.EqualTo("list"));

        void Ask(HttpContext context)
        {
            if (abandons)
                context.AbandonSession();
            else
                context.SkipSessionRefresh();
        }
    }

    [Test]
    public async Task Tasks_of_one_request_that_use_the_cache_do_not_disturb_its_session([Values] bool isNew)
    {
        var app = await StartAsync();
        var browser = app.NewBrowserWithKey();
        if (!isNew)
            await browser.RunAsync(context => context.Session.SetString("before", "0"));

        var slow = await browser.BeginSlowAsync(async context =>
        {
            // Resolved once: an HttpContext is not for several tasks at a time.
            var cache = Cache(context);
            await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(() => UseAsync(cache, $"value {number}"))));
            context.Session.SetString("a", "1");
        });
        await browser.RunAsync(context => context.Session.SetString("b", "1"));
        await slow.EndAsync();

        Assert.That(Table.Entries(browser.Key), Is.EqualTo(isNew ? "b=1 a=1" : "before=0 b=1 a=1"));
    }

    [Test]
    public async Task Session_payloads_that_a_request_had_not_loaded_are_plain_values()
    {
        var app = await StartAsync();
        var browser = app.NewBrowserWithKey();
        using var meter = new MeterReading();
        await app.Cache.SetAsync("copy", SessionBytes.Of(Guid.NewGuid(), ("a", "1")));
        Assert.That(meter.Unmerged, Is.Zero, "outside of a request there is nothing to warn of");

        await browser.RunAsync(context => Cache(context).SetAsync("copy", SessionBytes.Of(Guid.NewGuid(), ("b", "2"))));

        Assert.That(Table.Entries("copy"), Is.EqualTo("b=2"));
        Assert.That(meter.Unmerged, Is.EqualTo(1));
        Assert.That(app.Logs.At(LogLevel.Warning), Has.Exactly(1).Contains("nothing could be merged"));
    }

    private static async Task UseAsync(IDistributedCache cache, string name)
    {
        for (var i = 0; i < 5; i++)
        {
            var value = Encoding.UTF8.GetBytes($"{name}, {i}");
            Assert.That(await cache.GetAsync(name), Is.Null);
            await cache.SetAsync(name, value);
            cache.Refresh(name);
            Assert.That(cache.Get(name), Is.EqualTo(value));
            await cache.RefreshAsync(name);
            await cache.RemoveAsync(name);
        }
    }

    private static IDistributedCache Cache(HttpContext context) => context.RequestServices.GetRequiredService<IDistributedCache>();
}
