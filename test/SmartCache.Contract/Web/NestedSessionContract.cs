namespace SmartCache.Contract.Web;

/// <summary>An app that uses the session middleware twice has two session objects of one session in one request.</summary>
public abstract class NestedSessionContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [PairsByDay]
    public async Task Entries_that_both_sessions_set_are_there([Values] bool isNew, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel, context => context.Session.SetString("outer", "1"));
        var browser = app.NewBrowserWithKey();
        if (!isNew)
            await BeginSessionAsync(browser);

        await browser.RunAsync(context => context.Session.SetString("inner", "2"));

        Assert.That(Table.Entries(browser.Key), Is.EqualTo(isNew ? "inner=2 outer=1" : "before=0 inner=2 outer=1"));
    }

    [PairsByDay]
    public async Task What_one_session_removes_the_other_does_not_bring_back([Values] bool innerRemoves, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel, context =>
        {
            context.Session.SetString("outer", "1");
            if (!innerRemoves)
                context.Session.Remove("before");
        });
        var browser = app.NewBrowserWithKey();
        await BeginSessionAsync(browser);

        await browser.RunAsync(context =>
        {
            context.Session.SetString("inner", "2");
            if (innerRemoves)
                context.Session.Remove("before");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("inner=2 outer=1"));
    }

    [PairsByDay]
    public async Task An_inner_session_that_sets_nothing_changes_nothing(
        [Values(SessionUse.Untouched, SessionUse.Read)] SessionUse inner, [Values] bool commitsEarly, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel, context => context.Session.SetString("outer", "1"));
        var browser = app.NewBrowserWithKey();
        await BeginSessionAsync(browser);

        await browser.RunAsync(async context =>
        {
            _ = inner == SessionUse.Untouched ? [] : context.Session.Keys;
            await browser.RunAsync(other => other.Session.SetString("theirs", "3"));
            await (commitsEarly ? context.Session.CommitAsync() : Task.CompletedTask);
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("before=0 theirs=3 outer=1"));
    }

    [Test]
    public async Task A_commit_of_the_inner_session_in_mid_request_is_its_own([Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(concurrency, logLevel, context => context.Session.SetString("outer", "1"));
        var browser = app.NewBrowserWithKey();
        await BeginSessionAsync(browser);

        await browser.RunAsync(async context =>
        {
            context.Session.SetString("inner", "2");
            await context.Session.CommitAsync();
            context.Session.Remove("inner");
            context.Session.SetString("again", "3");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("before=0 again=3 outer=1"));
    }

    [PairsByDay]
    public async Task A_logout_in_the_inner_session_holds([Values] SessionUse inner, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(ConcurrencyMode.Optimistic, logLevel, context => context.Session.SetString("outer", "1"));
        var browser = app.NewBrowserWithKey();
        await BeginSessionAsync(browser);

        await browser.RunAsync(context =>
        {
            _ = inner == SessionUse.Untouched ? [] : context.Session.Keys;
            if (inner == SessionUse.Changed)
                context.Session.SetString("inner", "2");

            context.AbandonSession();
        });

        Assert.That(Table.Find(browser.Key), Is.Null);
    }

    private async Task BeginSessionAsync(Browser browser)
    {
        var app = await StartAsync();
        var other = app.NewBrowser();
        other.Key = browser.Key;
        await other.RunAsync(context => context.Session.SetString("before", "0"));
    }

    private Task<WebApp> StartAsync(ConcurrencyMode concurrency, LogLevel logLevel, Action<HttpContext> outer) => StartAsync(new WebSetUp
    {
        LogLevel = logLevel,
        Cache = options => options.Concurrency = concurrency,
        Inside = app => app
            .Use((context, next) =>
            {
                outer(context);
                return next(context);
            })
            .UseSession(),
    });
}
