using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>A session given up for good.</summary>
[NewestRelease]
public abstract class AbandonContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task An_abandoned_session_is_gone_after_the_request([Values] SessionUse use, [Values] bool abandonsFirst, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginSessionAsync(await StartAsync(ConcurrencyMode.Optimistic, logLevel));

        await browser.RunAsync(context =>
        {
            if (abandonsFirst)
            {
                context.AbandonSession();
                Use(context, use);
            }
            else
            {
                Use(context, use);
                context.AbandonSession();
            }
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task An_abandoned_session_is_gone_after_a_commit_within_the_request(
        [Values(SessionUse.Read, SessionUse.Changed)] SessionUse use, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginSessionAsync(await StartAsync(ConcurrencyMode.Optimistic, logLevel));

        await browser.RunAsync(async context =>
        {
            Use(context, use);
            context.AbandonSession();
            await context.Session.CommitAsync();
            Assert.That(Table.Count(), Is.Zero);
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_session_begun_after_that_commit_is_kept(
        [Values(SessionUse.Read, SessionUse.Changed)] SessionUse use, [Values] bool changesAgain, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginSessionAsync(await StartAsync(ConcurrencyMode.Optimistic, logLevel));
        var committed = new Gate();

        var request = browser.RunAsync(async context =>
        {
            Use(context, use);
            context.AbandonSession();
            await context.Session.CommitAsync();
            await committed.PassAsync();
            Use(context, changesAgain ? SessionUse.Changed : SessionUse.Read);
        });
        await committed.Reached;
        await browser.RunAsync(context => context.Session.SetString("user", "ben"));
        committed.Open();
        await request;

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("user=ben"));
    }

    [Test]
    public async Task A_session_that_a_request_commits_without_having_loaded_it_is_gone_after_the_request([Values] bool changesAfterwards, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginSessionAsync(await StartAsync(ConcurrencyMode.Optimistic, logLevel));

        await browser.RunAsync(async context =>
        {
            context.AbandonSession();
            await context.Session.CommitAsync();
            Assert.That(Table.Entries(browser.Key), Is.EqualTo("user=ann"), "it looks like a refresh of any value of the app's own");
            Use(context, changesAfterwards ? SessionUse.Changed : SessionUse.Read);
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task The_next_request_begins_a_session_with_an_id_of_its_own()
    {
        var browser = await BeginSessionAsync(await StartAsync());
        var before = Table.Row(browser.Key);
        await browser.RunAsync(context => context.AbandonSession());

        await browser.RunAsync(context =>
        {
            Assert.That(context.Session.Keys, Is.Empty);
            context.Session.SetString("user", "ben");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("user=ben"));
        Assert.That(Table.Row(browser.Key).SessionId, Is.Not.EqualTo(before.SessionId));
    }

    [Test]
    public async Task Nothing_else_that_is_asked_for_keeps_an_abandoned_session([Values] SessionUse use)
    {
        var browser = await BeginSessionAsync(await StartAsync());

        await browser.RunAsync(context =>
        {
            Use(context, use);
            context.SkipSessionSave();
            context.SkipSessionRefresh();
            context.ForceSessionSave();
            context.AbandonSession();
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task Without_a_session_there_is_nothing_to_abandon([Values] SessionUse use)
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();

        await browser.RunAsync(context =>
        {
            Use(context, use);
            context.AbandonSession();
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    private static async Task<Browser> BeginSessionAsync(WebApp app)
    {
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("user", "ann"));
        return browser;
    }

    private static void Use(HttpContext context, SessionUse use)
    {
        if (use != SessionUse.Untouched)
        {
            _ = context.Session.Keys;
        }

        if (use == SessionUse.Changed)
        {
            context.Session.SetString("visited", "cart");
        }
    }
}
