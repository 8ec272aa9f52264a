using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>Two requests that change the same entry: the later store wins, whoever loaded first.</summary>
[NewestRelease]
public abstract class SameEntryContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task The_later_store_of_an_entry_wins([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var row = await RaceAsync(concurrency, logLevel, slow => slow.SetString("a", "slow"), quick => quick.SetString("a", "quick"));

        Assert.That(row, Is.EqualTo("a=slow other=0"));
    }

    [Test]
    public async Task A_later_removal_wins_over_a_change([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var row = await RaceAsync(concurrency, logLevel, slow => slow.Remove("a"), quick => quick.SetString("a", "quick"));

        Assert.That(row, Is.EqualTo("other=0"));
    }

    [Test]
    public async Task A_later_change_brings_back_what_was_removed([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var row = await RaceAsync(concurrency, logLevel, slow => slow.SetString("a", "slow"), quick => quick.Remove("a"));

        Assert.That(row, Is.EqualTo("other=0 a=slow"));
    }

    [Test]
    public async Task An_entry_set_to_what_it_was_loaded_as_is_no_change_of_it([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var row = await RaceAsync(
            concurrency,
            logLevel,
            slow =>
            {
                slow.SetString("a", "0");
                slow.SetString("b", "slow");
            },
            quick => quick.SetString("a", "quick"),
            conflicts: 0);

        Assert.That(row, Is.EqualTo("a=quick other=0 b=slow"));
    }

    private async Task<string?> RaceAsync(
        ConcurrencyMode concurrency, LogLevel logLevel, Action<ISession> slowly, Action<ISession> quickly, int conflicts = 1)
    {
        var app = await StartAsync(concurrency, logLevel);
        using var meter = new MeterReading();
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context =>
        {
            context.Session.SetString("a", "0");
            context.Session.SetString("other", "0");
        });
        var slow = await browser.BeginSlowAsync(context => slowly(context.Session));
        await browser.RunAsync(context => quickly(context.Session));
        await slow.EndAsync();
        Assert.That(meter.Conflicts, Is.EqualTo(conflicts));
        return Table.Entries(browser.Key);
    }
}
