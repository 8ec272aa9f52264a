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
}
