using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>What a request can ask for its own session: not to save it, or to save it whatever happened.</summary>
[NewestRelease]
public abstract class SaveOptionsContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_request_that_skips_saving_changes_nothing([Values] bool asksFirst, [Values] bool isNew, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel, isNew);
        var before = Table.Find(browser.Key);

        await browser.RunAsync(context =>
        {
            if (asksFirst)
            {
                context.SkipSessionSave();
            }

            context.Session.SetString("a", "2");
            context.SkipSessionSave();
        });

        Assert.That(Table.Find(browser.Key)?.Version, Is.EqualTo(before?.Version));
    }

    [Test]
    public async Task Skipping_counts_for_its_own_request_only([LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel);
        await browser.RunAsync(context => context.SkipSessionSave());

        await browser.RunAsync(context => context.Session.SetString("a", "2"));

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_forced_save_writes_an_unchanged_session([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel, concurrency: concurrency);
        var before = Table.Row(browser.Key);
        Time.Advance(TimeSpan.FromSeconds(10));

        await browser.RunAsync(context =>
        {
            context.Session.SetString("a", "1");
            context.ForceSessionSave();
        });

        var row = Table.Row(browser.Key);
        Assert.That(row.Version, Is.Not.EqualTo(before.Version));
        Assert.That(row.Value, Is.EqualTo(before.Value));
        Assert.That(row.UpdatedAt, Is.EqualTo(Time.Milliseconds));
        Assert.That(row.CreatedAt, Is.EqualTo(before.CreatedAt));
    }

    [Test]
    public async Task A_forced_save_of_an_unchanged_session_keeps_what_others_stored([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel, concurrency: concurrency);
        var slow = await browser.BeginSlowAsync(context =>
        {
            context.Session.SetString("a", "1");
            context.ForceSessionSave();
        });
        await browser.RunAsync(context => context.Session.SetString("a", "2"));
        await slow.EndAsync();

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_forced_save_gives_an_empty_new_session_a_row([LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel, isNew: true);

        await browser.RunAsync(context =>
        {
            context.Session.SetString("a", "1");
            context.Session.Remove("a");
            context.ForceSessionSave();
        });

        Assert.That(Table.Entries(browser.Key), Is.Empty);
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_forced_save_without_a_session_leaves_no_row([Values(SessionUse.Untouched, SessionUse.Read)] SessionUse use, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel, isNew: true);

        await browser.RunAsync(context =>
        {
            Assert.That(use == SessionUse.Untouched || !context.Session.Keys.Any());
            context.ForceSessionSave();
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_forced_save_beats_a_skipped_one([Values] bool forcesFirst, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel);

        await browser.RunAsync(context =>
        {
            if (forcesFirst)
            {
                context.ForceSessionSave();
            }

            context.Session.SetString("a", "2");
            context.SkipSessionSave();
            context.ForceSessionSave();
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_forced_save_of_a_session_that_was_not_changed_writes_its_expiry_at_once([Values] bool reads, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel);
        var before = Table.Row(browser.Key);
        Time.Advance(TimeSpan.FromSeconds(10));

        await browser.RunAsync(context =>
        {
            Assert.That(!reads || context.Session.Keys.Any());
            context.ForceSessionSave();
        });

        var row = Table.Row(browser.Key);
        Assert.That(row.ExpiresAt, Is.EqualTo(before.ExpiresAt + 10_000));
        Assert.That(row.Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task A_forced_save_brings_no_removed_session_back([Values] bool changes, [LogLevels] LogLevel logLevel)
    {
        var browser = await BeginAsync(logLevel);
        var slow = await browser.BeginSlowAsync(context =>
        {
            context.ForceSessionSave();
            if (changes)
            {
                context.Session.SetString("a", "2");
            }
        });
        Table.Remove(browser.Key);
        await slow.EndAsync();

        Assert.That(Table.Count(), Is.Zero);
    }

    private async Task<Browser> BeginAsync(LogLevel logLevel, bool isNew = false, ConcurrencyMode concurrency = ConcurrencyMode.Optimistic)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = app.NewBrowserWithKey();
        if (!isNew)
        {
            await browser.RunAsync(context => context.Session.SetString("a", "1"));
        }

        return browser;
    }
}
