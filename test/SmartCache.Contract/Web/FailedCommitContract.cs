using System.Net;

namespace SmartCache.Contract.Web;

/// <summary>A response whose session could not be saved is an error.</summary>
[NewestRelease]
public abstract class FailedCommitContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const string ErrorPage = "We are sorry.";

    private Browser _browser = null!;
    private MissingTable? _missing;

    [SetUp]
    public void ExpectErrors() => (ExpectsErrors, _missing) = (true, null);

    [TearDown]
    public void BringTableBack()
    {
        _missing?.Dispose();
        _missing = null;
    }

    [PairsByDay]
    public async Task What_was_written_is_not_sent_and_the_error_page_is(
        [Values] ResponseStart start, [Values] bool hasErrorPage, [Values] LoadStyle load, [Values] WebServer server, [LogLevels] LogLevel logLevel)
    {
        await BeginAsync(new WebSetUp
        {
            Server = server,
            LogLevel = logLevel,
            Outside = hasErrorPage ? static app => app.UseExceptionHandler("/error") : null,
            Endpoints = static endpoints => endpoints.Map("/error", static context => context.Response.WriteAsync(ErrorPage)),
        });

        var isShown = hasErrorPage && !start.IsPastTheApp();
        if (server == WebServer.InMemory && !isShown)
        {
            // This server has no answer of its own: its client gets the exception.
            Assert.That(SendAsync, Throws.Exception);
        }
        else
        {
            using var response = await SendAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(isShown ? ErrorPage : ""));
            Assert.That(response.Headers.Contains("X-Page"), Is.False);
        }

        AssertNothingSaved();

        Task<HttpResponseMessage> SendAsync() => _browser.SendAsync(context => start.RunAsync(context, async () =>
        {
            context.Response.Headers["X-Page"] = "shown";
            await BreakAsync(context, load);
        }));
    }

    [Test]
    public async Task A_response_without_a_body_becomes_an_error([Values(200, 204, 302)] int status, [Values] bool abandons)
    {
        await BeginAsync();

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            if (abandons)
                context.AbandonSession();

            context.Response.StatusCode = status;
            if (status == StatusCodes.Status302Found)
                context.Response.Headers.Location = "/welcome";
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.Headers.Location, Is.Null);
        AssertNothingSaved();
    }

    [Test]
    public async Task A_logout_that_failed_is_not_reported_as_done([Values] SessionUse use)
    {
        await BeginAsync();

        using var response = await _browser.SendAsync(async context =>
        {
            _ = use == SessionUse.Untouched ? [] : context.Session.Keys;
            if (use == SessionUse.Changed)
                context.Session.SetString("a", "1");

            _missing = new MissingTable(Engine, Table);
            context.AbandonSession();
            await context.Response.WriteAsync("You are logged out.");
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        AssertNothingSaved();
    }

    [Test]
    public async Task An_app_that_ignores_the_exception_cannot_report_success([Values] bool writesAgain)
    {
        await BeginAsync();

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            Assert.That(() => context.Response.WriteAsync("saved"), Throws.Exception);
            if (writesAgain)
                await context.Response.WriteAsync("saved");
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        AssertNothingSaved();
    }

    [Test]
    public async Task An_app_that_saves_again_by_itself_can_report_success()
    {
        await BeginAsync();

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            Assert.That(() => context.Response.WriteAsync("first"), Throws.Exception);
            BringTableBack();
            await context.Session.CommitAsync();
            await context.Response.WriteAsync("second");
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("second"));
        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ben"));
    }

    [Test]
    public async Task A_commit_that_failed_is_not_tried_again()
    {
        var app = await BeginAsync(new WebSetUp
        {
            Outside = outside => outside.UseExceptionHandler(handler => handler.Run(context =>
            {
                BringTableBack();
                return context.Response.WriteAsync(ErrorPage);
            })),
            Inside = inside => inside.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    // The stock middleware commits on its way out, when the table is there again.
                    BringTableBack();
                }
            }),
        });

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            await context.Response.WriteAsync("saved");
        });

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ErrorPage));
        Assert.That(app.Logs.At(LogLevel.Error), Has.Some.Contains("Error closing the session"));
        AssertNothingSaved();
    }

    [Test]
    public async Task Off_the_response_says_nothing_of_it()
    {
        await BeginAsync(new WebSetUp { Cache = static options => options.CommitBeforeResponse = false });

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            await context.Response.WriteAsync("saved");
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        AssertNothingSaved();
    }

    private async Task<WebApp> BeginAsync(WebSetUp? setUp = null)
    {
        var app = await StartAsync(setUp);
        _browser = app.NewBrowserWithKey();
        await _browser.RunAsync(context => context.Session.SetString("user", "ann"));
        return app;
    }

    /// <summary>Loads and changes the session, and takes away what it would be saved in.</summary>
    private async Task BreakAsync(HttpContext context, LoadStyle load = LoadStyle.LoadAsync)
    {
        if (load == LoadStyle.LoadAsync)
            await context.Session.LoadAsync();

        context.Session.SetString("user", "ben");
        _missing = new MissingTable(Engine, Table);
    }

    private void AssertNothingSaved()
    {
        BringTableBack();
        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ann"));
    }
}
