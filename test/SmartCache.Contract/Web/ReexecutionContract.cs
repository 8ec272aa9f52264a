namespace SmartCache.Contract.Web;

/// <summary>An error page runs the session middleware a second time in the same request, with a session object of its own.</summary>
[NewestRelease]
public abstract class ReexecutionContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const string ErrorPage = "/error";

    [PairsByDay]
    public async Task What_the_page_and_its_error_page_save_is_both_there([Values] bool throws, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(throws, concurrency, logLevel, errorPage: context => context.Session.SetString("error page", "seen"));
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("before", "there"));

        await FailAsync(browser, throws, context => context.Session.SetString("page", "visited"));

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("before=there page=visited error page=seen"));
    }

    [PairsByDay]
    public async Task Both_passes_can_begin_a_session([Values] bool throws, [LogLevels] LogLevel logLevel, [Values] bool pageSetsNothing)
    {
        var app = await StartAsync(throws, ConcurrencyMode.Optimistic, logLevel, errorPage: context => context.Session.SetString("error page", "seen"));
        var browser = app.NewBrowserWithKey();

        await FailAsync(browser, throws, context =>
        {
            _ = context.Session.Keys;
            if (!pageSetsNothing)
                context.Session.SetString("page", "visited");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo(pageSetsNothing ? "error page=seen" : "page=visited error page=seen"));
    }

    [PairsByDay]
    public async Task The_error_page_saves_only_what_it_changed_itself([Values] bool throws, [Values] ConcurrencyMode concurrency, [LogLevels] LogLevel logLevel)
    {
        var (begun, loaded) = (new Gate(), new Gate());
        var app = await StartAsync(throws, concurrency, logLevel, errorPageAsync: async context =>
        {
            await begun.PassAsync();
            await context.Session.LoadAsync();
            await loaded.PassAsync();
            context.Session.SetString("error page", "seen");
        });
        var browser = app.NewBrowserWithKey();
        var failing = FailAsync(browser, throws, context => context.Session.SetString("count", "1"));

        await begun.Reached;
        await browser.RunAsync(context => context.Session.SetString("count", "2"));
        begun.Open();
        await loaded.Reached;
        await browser.RunAsync(context => context.Session.SetString("count", "3"));
        loaded.Open();
        await failing;

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("count=3 error page=seen"));
    }

    [PairsByDay]
    public async Task A_logout_on_the_page_leaves_the_error_page_a_session_of_its_own([Values] bool throws, [Values] bool abandons, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(throws, ConcurrencyMode.Optimistic, logLevel, errorPage: context => context.Session.SetString("error page", "seen"));
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("user", "ann"));
        var before = Table.Row(browser.Key);

        await FailAsync(browser, throws, async context =>
        {
            context.Session.SetString("page", "visited");
            if (abandons)
                context.AbandonSession();
            else
                await app.Cache.RemoveAsync(browser.Key);
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("error page=seen"));
        Assert.That(Table.Row(browser.Key).SessionId, Is.Not.EqualTo(before.SessionId));
    }

    [Test]
    public async Task The_error_page_may_remove_what_it_loaded_though_the_page_never_saw_it([Values] bool throws)
    {
        var app = await StartAsync(throws, ConcurrencyMode.Optimistic, LogLevel.Warning, errorPage: context => context.Session.Remove("flash"));
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("before", "there"));

        await FailAsync(browser, throws, async context =>
        {
            await context.Session.LoadAsync();
            await browser.RunAsync(other => other.Session.SetString("flash", "theirs"));
            context.Session.SetString("page", "visited");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("before=there page=visited"));
    }

    [Test]
    public async Task A_save_of_the_page_that_was_discarded_is_forgotten_on_the_error_page([Values] bool throws)
    {
        var app = await StartAsync(throws, ConcurrencyMode.Optimistic, LogLevel.Warning, errorPage: context =>
        {
            Assert.That(Table.Count(), Is.Zero, "the page's save was discarded");
            context.Session.SetString("error page", "seen");
        });
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("user", "ann"));

        await FailAsync(browser, throws, async context =>
        {
            await context.Session.LoadAsync();
            Table.Remove(browser.Key);
            context.Session.SetString("page", "visited");
        });

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("error page=seen"));
    }

    [Test]
    public async Task An_error_page_that_leaves_the_session_alone_changes_nothing([Values] bool throws)
    {
        var version = 0L;
        var browser = (Browser?)null;
        var app = await StartAsync(throws, ConcurrencyMode.Optimistic, LogLevel.Warning, errorPage: _ => version = Table.Row(browser!.Key).Version);
        browser = app.NewBrowserWithKey();

        await FailAsync(browser, throws, context => context.Session.SetString("page", "visited"));

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("page=visited"));
        Assert.That(Table.Row(browser.Key).Version, Is.EqualTo(version));
    }

    private Task<WebApp> StartAsync(bool throws, ConcurrencyMode concurrency, LogLevel logLevel, Action<HttpContext> errorPage) =>
        StartAsync(throws, concurrency, logLevel, errorPageAsync: context =>
        {
            errorPage(context);
            return Task.CompletedTask;
        });

    private Task<WebApp> StartAsync(bool throws, ConcurrencyMode concurrency, LogLevel logLevel, RequestDelegate errorPageAsync)
    {
        // The exception that an error page is shown for is an error in the log.
        ExpectsErrors = throws;
        return StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            Cache = options => options.Concurrency = concurrency,
            Outside = app => _ = throws ? app.UseExceptionHandler(ErrorPage) : app.UseStatusCodePagesWithReExecute(ErrorPage),
            Endpoints = endpoints => endpoints.Map(ErrorPage, errorPageAsync),
        });
    }

    private static Task FailAsync(Browser browser, bool throws, Action<HttpContext> page) => FailAsync(browser, throws, context =>
    {
        page(context);
        return Task.CompletedTask;
    });

    private static async Task FailAsync(Browser browser, bool throws, Func<HttpContext, Task> page)
    {
        using var response = await browser.SendAsync(async context =>
        {
            await page(context);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            if (throws)
                throw new InvalidOperationException("The page cannot be shown.");
        });
        Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status500InternalServerError));
    }
}
