using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>
/// An app may commit before its request ends and go on changing the session, which in its memory does not hold what
/// others stored.
/// </summary>
[NewestRelease]
public abstract class MidRequestCommitContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task What_is_changed_before_and_after_a_commit_is_stored([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = app.NewBrowserWithKey();

        await browser.RunAsync(async context =>
        {
            context.Session.SetString("a", "1");
            await context.Session.CommitAsync();
            Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
            context.Session.SetString("b", "1");
            await context.Session.CommitAsync();
            context.Session.SetString("b", "2");
            context.Session.Remove("a");
            context.Session.SetString("c", "3");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("b=2 c=3"));
    }

    [Test]
    public async Task What_others_store_before_and_after_a_commit_stays([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("base", "0"));

        await CommitBetweenAsync(
            browser,
            between: context => context.Session.SetString("theirs too", "2"),
            before: context => context.Session.SetString("theirs", "1"));

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("base=0 theirs=1 mine=1 theirs too=2 mine too=2"));
    }

    [Test]
    public async Task What_others_do_to_an_entry_that_was_committed_stays([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel, [Values] bool removes)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = app.NewBrowserWithKey();

        await CommitBetweenAsync(browser, between: context =>
        {
            if (removes)
            {
                context.Session.Remove("mine");
            }
            else
            {
                context.Session.SetString("mine", "theirs now");
            }
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo(removes ? "mine too=2" : "mine=theirs now mine too=2"));
    }

    [Test]
    public async Task Commits_without_a_change_write_nothing([LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        var before = Table.Row(browser.Key);

        await browser.RunAsync(async context =>
        {
            await context.Session.CommitAsync();
            context.Session.SetString("a", "1");
            await context.Session.CommitAsync();
            context.Session.SetString("a", "2");
            context.Session.SetString("a", "1");
        });

        Assert.That(Table.Row(browser.Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task Clear_and_then_Set_leaves_what_was_set_in_the_same_session([Values] bool commitsBetween, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context =>
        {
            context.Session.SetString("a", "1");
            context.Session.SetString("b", "1");
        });
        var before = Table.Row(browser.Key);

        await browser.RunAsync(async context =>
        {
            context.Session.Clear();
            if (commitsBetween)
            {
                await context.Session.CommitAsync();
            }

            context.Session.SetString("b", "2");
        });

        var row = Table.Row(browser.Key);
        Assert.That(row.Entries, Is.EqualTo("b=2"));
        Assert.That(row.SessionId, Is.EqualTo(before.SessionId));
        Assert.That(row.CreatedAt, Is.EqualTo(before.CreatedAt));
    }

    /// <summary>A request that sets an entry, commits and sets another one, and what others do meanwhile.</summary>
    private static async Task CommitBetweenAsync(Browser browser, Action<HttpContext> between, Action<HttpContext>? before = null)
    {
        var committed = new Gate();
        var slow = await browser.BeginSlowAsync(async context =>
        {
            context.Session.SetString("mine", "1");
            await context.Session.CommitAsync();
            await committed.PassAsync();
            context.Session.SetString("mine too", "2");
        });
        await browser.RunAsync(before ?? (_ => { }));
        var end = slow.EndAsync();
        await committed.Reached;
        await browser.RunAsync(between);
        committed.Open();
        await end;
    }
}
