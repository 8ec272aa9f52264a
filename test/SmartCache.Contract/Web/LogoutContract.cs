using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>A request that began before a logout does not undo it.</summary>
[NewestRelease]
public abstract class LogoutContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task After_Clear_a_slow_request_stores_what_it_set_and_not_the_user([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var browser = await LogInAsync(await StartAsync(concurrency, logLevel));
        var slow = await browser.BeginSlowAsync(context => context.Session.SetString("visited", "cart"));

        await browser.RunAsync(context => context.Session.Clear());
        Assert.That(Table.Entries(browser.Key), Is.Empty);
        await slow.EndAsync();

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("visited=cart"));
    }

    [Test]
    public async Task After_Clear_a_slow_request_sets_again_what_it_changed([Values] ConcurrencyMode concurrency)
    {
        var browser = await LogInAsync(await StartAsync(concurrency, LogLevel.Warning));
        var slow = await browser.BeginSlowAsync(context => context.Session.SetString("user", "ann, renamed"));

        await browser.RunAsync(context => context.Session.Clear());
        await slow.EndAsync();

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("user=ann, renamed"));
    }

    [Test]
    public async Task After_a_removal_a_slow_request_stores_nothing(
        [Values] LogoutStyle logout, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = await LogInAsync(app);
        using var meter = new MeterReading();
        var slow = await browser.BeginSlowAsync(context => context.Session.SetString("visited", "cart"));

        await LogOutAsync(app, browser, logout);
        await slow.EndAsync();

        Assert.That(Table.Count(), Is.Zero);
        Assert.That(meter.Discarded, Is.EqualTo(1));
        if (logLevel == LogLevel.Information)
        {
            Assert.That(app.Logs.At(LogLevel.Information), Has.Exactly(1).Contains("was discarded"));
        }
    }

    [Test]
    public async Task After_a_removal_a_session_begun_anew_under_the_same_cookie_is_left_alone(
        [Values] LogoutStyle logout, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = await LogInAsync(app);
        var slow = await browser.BeginSlowAsync(context =>
        {
            context.Session.SetString("user", "ann, renamed");
            context.Session.SetString("visited", "cart");
        });

        await LogOutAsync(app, browser, logout);
        await browser.RunAsync(context => context.Session.SetString("user", "ben"));
        var begun = Table.Row(browser.Key);
        await slow.EndAsync();

        var row = Table.Row(browser.Key);
        Assert.That(row.Entries, Is.EqualTo("user=ben"));
        Assert.That(row.Version, Is.EqualTo(begun.Version));
    }

    [Test]
    public async Task A_slow_request_whose_store_was_discarded_stores_nothing_more(
        [Values] LogoutStyle logout, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = await LogInAsync(app);
        var discarded = new Gate();
        var slow = await browser.BeginSlowAsync(async context =>
        {
            context.Session.SetString("visited", "cart");
            await context.Session.CommitAsync();
            await discarded.PassAsync();
            context.Session.SetString("visited", "cart, checkout");
        });

        await LogOutAsync(app, browser, logout);
        var end = slow.EndAsync();
        await discarded.Reached;
        await browser.RunAsync(context => context.Session.SetString("user", "ben"));
        discarded.Open();
        await end;

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("user=ben"));
    }

    [Test]
    public async Task A_request_that_removes_its_own_session_stores_nothing_of_it([Values] bool removesFirst, [LogLevels] LogLevel logLevel)
    {
        var browser = await LogInAsync(await StartAsync(ConcurrencyMode.Optimistic, logLevel));

        await browser.RunAsync(async context =>
        {
            await context.Session.LoadAsync();
            if (removesFirst)
            {
                await RemoveAsync(context, browser.Key);
                context.Session.SetString("visited", "cart");
            }
            else
            {
                context.Session.SetString("visited", "cart");
                await RemoveAsync(context, browser.Key);
            }
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_request_that_removes_the_session_before_it_loads_it_begins_a_new_one([LogLevels] LogLevel logLevel)
    {
        var browser = await LogInAsync(await StartAsync(ConcurrencyMode.Optimistic, logLevel));
        var old = Table.Row(browser.Key);

        await browser.RunAsync(async context =>
        {
            await RemoveAsync(context, browser.Key);
            context.Session.SetString("visited", "cart");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("visited=cart"));
        Assert.That(Table.Row(browser.Key).SessionId, Is.Not.EqualTo(old.SessionId));
    }

    [Test]
    public async Task With_Recreate_a_slow_request_begins_a_new_session_of_what_it_changed(
        [Values] LogoutStyle logout, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            Cache = options =>
            {
                options.Concurrency = concurrency;
                options.RemovedDuringRequest = RemovedSessionPolicy.Recreate;
            },
        });
        var browser = await LogInAsync(app);
        var old = Table.Row(browser.Key);
        var slow = await browser.BeginSlowAsync(context => context.Session.SetString("visited", "cart"));

        await LogOutAsync(app, browser, logout);
        await slow.EndAsync();

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("visited=cart"));
        Assert.That(Table.Row(browser.Key).SessionId, Is.Not.EqualTo(old.SessionId));
    }

    private static async Task<Browser> LogInAsync(WebApp app)
    {
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("user", "ann"));
        return browser;
    }

    private async Task LogOutAsync(WebApp app, Browser browser, LogoutStyle logout)
    {
        await (logout switch
        {
            LogoutStyle.RemoveInARequest => browser.RunAsync(context => RemoveAsync(context, browser.Key)),
            LogoutStyle.RemoveOutsideOfRequests => app.Cache.RemoveAsync(browser.Key),
            LogoutStyle.Abandon => browser.RunAsync(context => context.AbandonSession()),
            _ => throw new ArgumentOutOfRangeException(nameof(logout), logout, null),
        });
        Assert.That(Table.Find(browser.Key), Is.Null);
    }

    private static Task RemoveAsync(HttpContext context, string key) =>
        context.RequestServices.GetRequiredService<SmartDistributedCache>().RemoveAsync(key);
}
