using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>Who reads the log cannot take over a session.</summary>
[NewestRelease]
public abstract class LogSecrecyContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>After every web test the log is searched for keys. Here, that there was something to search.</summary>
    [Test]
    public async Task At_the_finest_level_our_messages_tell_sessions_apart_by_a_short_hash([Values] ConcurrencyMode concurrency)
    {
        var app = await StartAsync(concurrency, LogLevel.Trace);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        var slow = await browser.BeginSlowAsync(context => context.Session.SetString("a", "2"));
        await browser.RunAsync(context => context.Session.SetString("a", "3"));
        await slow.EndAsync();
        slow = await browser.BeginSlowAsync(context => context.Session.SetString("a", "4"));
        await browser.RunAsync(context => context.AbandonSession());
        await slow.EndAsync();
        await browser.RunAsync(context => context.Session.SetString("a", "5"));
        Table.Tamper(browser.Key, "value", new byte[] { 2, 0, 0 });
        await browser.RunAsync(context => context.Session.SetString("a", "6"));
        await browser.RunAsync(context => context.Session.SetString("big", new string('x', 17 * 1024 * 1024)));
        Table.Tamper(browser.Key, "format", 99);
        await browser.RunAsync(context => Assert.That(context.Session.IsAvailable, Is.False));
        await app.SmartCache.RemoveExpiredAsync();
        ExpectsErrors = true;

        var ours = app.Logs.Lines.Where(line => line.Category.StartsWith(nameof(SmartCache), StringComparison.Ordinal)).Select(line => line.Text).ToList();
        Assert.That(ours, Has.Count.AtLeast(3));
        Assert.That(ours.Select(text => Regex.Match(text, "key hash ([0-9a-f]+)").Groups[1].Value).Distinct(), Has.Exactly(1).Length.EqualTo(8));
    }

    [Test]
    public async Task Our_exceptions_name_no_session_key()
    {
        ExpectsErrors = true;
        var app = await StartAsync(new WebSetUp { Cache = options => options.MaxValueSize = 1_000 });
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));

        await browser.RunAsync(context =>
        {
            context.Session.SetString("big", new string('x', 1_000));
            var tooLarge = Assert.ThrowsAsync<CacheValueTooLargeException>(() => context.Session.CommitAsync());
            Assert.That($"{tooLarge}", Does.Not.Contain(browser.Key));
        });
        Table.Tamper(browser.Key, "format", 99);
        var unknown = Assert.ThrowsAsync<NotSupportedException>(() => browser.RunAsync(context => context.Session.LoadAsync()));

        Assert.That($"{unknown}", Does.Not.Contain(browser.Key));
        Assert.That(Table.Count(), Is.EqualTo(1));
    }
}
