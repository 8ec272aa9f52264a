using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;

namespace SmartCache.Contract.Web;

/// <summary>What is not written.</summary>
[NewestRelease]
public abstract class EconomyContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_thousand_visitors_without_a_cookie_leave_no_row([LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel);
        var crawler = app.NewBrowser();

        for (var hundreds = 0; hundreds < 10; hundreds++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(number => crawler.RunAsync(context =>
            {
                // Half of them look into their session, which is empty.
                Assert.That(number % 2 == 0 || !context.Session.Keys.Any());
            })));
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        await app.SmartCache.FlushAsync();
        Assert.That(crawler.HasKey, Is.False);
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_new_session_without_entries_leaves_no_row([LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel);
        var browser = app.NewBrowser();

        await browser.RunAsync(context =>
        {
            context.Session.SetString("a", "1");
            context.Session.Remove("a");
        });

        Assert.That(browser.HasKey);
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_session_that_was_emptied_is_written([LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));

        await browser.RunAsync(context => context.Session.Remove("a"));

        Assert.That(Table.Entries(browser.Key), Is.Empty);
    }

    [Test]
    public async Task Two_hundred_stores_of_what_was_there_leave_the_row_as_it_is([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context =>
        {
            context.Session.SetString("a", "1");
            context.Session.SetString("b", "2");
        });
        var before = Table.Row(browser.Key);
        Time.Advance(TimeSpan.FromMinutes(1));

        for (var i = 0; i < 50; i++)
        {
            // Removed and set again: in memory another order, the same entries.
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.RunAsync(context =>
            {
                context.Session.Remove("a");
                context.Session.SetString("a", "1");
            })));
        }

        var row = Table.Row(browser.Key);
        Assert.That(row.Value, Is.EqualTo(before.Value));
        Assert.That(row.Version, Is.EqualTo(before.Version));
        Assert.That(row.UpdatedAt, Is.EqualTo(before.UpdatedAt));
    }
}
