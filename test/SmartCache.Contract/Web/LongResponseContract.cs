namespace SmartCache.Contract.Web;

/// <summary>Requests whose response is under way, or whose client is gone, before the session is saved.</summary>
[NewestRelease]
public abstract class LongResponseContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [PairsByDay]
    public async Task An_entry_set_while_the_response_is_sent_is_saved(
        [Values] bool isNew, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel, [Values] bool commitsBeforeResponse)
    {
        var app = await StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            Cache = options => (options.Concurrency, options.CommitBeforeResponse) = (concurrency, commitsBeforeResponse),
        });
        var browser = app.NewBrowser();
        if (!isNew)
            await browser.RunAsync(context => context.Session.SetString("before", "0"));

        var gate = new Gate();
        using var response = await browser.SendAsync(
            async context =>
            {
                context.Session.SetString("a", "1");
                await context.Response.WriteAsync("first part, ");
                await context.Response.Body.FlushAsync();
                await gate.PassAsync();
                context.Session.SetString("b", "2");
                await context.Response.WriteAsync("second part");
            },
            HttpCompletionOption.ResponseHeadersRead);
        await gate.Reached;
        await browser.RunAsync(context => context.Session.SetString("other", "3"));
        gate.Open();

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("first part, second part"));
        var entries = commitsBeforeResponse ? "a=1 other=3 b=2" : "other=3 a=1 b=2";
        Assert.That(Table.Entries(browser.Key), Is.EqualTo(isNew ? entries : $"before=0 {entries}"));
        Assert.That(app.Logs.At(LogLevel.Warning), Has.Exactly(commitsBeforeResponse ? 1 : 0).Contains("changed after its response had started"));
    }

    [Test]
    public async Task A_session_that_begins_after_the_response_is_refused_and_gets_no_row()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();

        var refusal = await browser.RunAsync(async context =>
        {
            await context.Response.WriteAsync("there is no telling the browser of a cookie now");
            await context.Response.Body.FlushAsync();
            return Assert.Throws<InvalidOperationException>(() => context.Session.SetString("a", "1"));
        });

        Assert.That(refusal, Is.Not.Null);
        Assert.That(Table.Count(), Is.Zero);
    }

    [PairsByDay]
    public async Task What_a_request_set_is_saved_though_its_client_has_gone([Values] bool throws, [Values] bool isNew, [LogLevels] LogLevel logLevel)
    {
        var ended = new Gate();
        var app = await StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            Outside = outside => outside.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
                {
                }

                if (context.RequestAborted.IsCancellationRequested)
                    await ended.PassAsync();
            }),
        });
        ended.Open();
        var browser = app.NewBrowserWithKey();
        if (!isNew)
            await browser.RunAsync(context => context.Session.SetString("before", "0"));

        using var client = new CancellationTokenSource();
        var set = new Gate();
        var request = browser.SendAsync(
            async context =>
            {
                context.Session.SetString("a", "1");
                await set.PassAsync();
                var wait = Task.Delay(Patience.Limit, context.RequestAborted);
                await (throws ? wait : wait.ContinueWith(_ => context.Session.SetString("b", "2"), TaskScheduler.Default));
            },
            cancellationToken: client.Token);
        await set.Reached;
        await browser.RunAsync(context => context.Session.SetString("other", "3"));
        set.Open();
        await client.CancelAsync();
        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());
        await ended.Reached;

        var before = isNew ? "" : "before=0 ";
        Assert.That(Table.Entries(browser.Key), Is.EqualTo($"{before}other=3 a=1{(throws ? "" : " b=2")}"));
        Assert.That(await browser.RunAsync(context => context.Session.GetString("a")), Is.EqualTo("1"));
    }
}
