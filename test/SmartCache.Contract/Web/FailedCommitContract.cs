using System.Net;

namespace SmartCache.Contract.Web;

/// <summary>A response whose session could not be saved is an error.</summary>
[NewestRelease]
public abstract class FailedCommitContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const string ErrorPage = "We are sorry.";

    private static readonly WebSetUp WithErrorPage = new()
    {
        Outside = static app => app.UseExceptionHandler("/error"),
        Endpoints = static endpoints => endpoints.Map("/error", static context => context.Response.WriteAsync(ErrorPage)),
    };

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
            Outside = hasErrorPage ? WithErrorPage.Outside : null,
            Endpoints = WithErrorPage.Endpoints,
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
    public async Task A_logout_that_failed_is_not_reported_as_done([Values] SessionUse use, [Values] bool redirects)
    {
        await BeginAsync();

        using var response = await _browser.SendAsync(async context =>
        {
            _ = use == SessionUse.Untouched ? [] : context.Session.Keys;
            if (use == SessionUse.Changed)
                context.Session.SetString("a", "1");

            _missing = new MissingTable(Engine, Table);
            context.AbandonSession();
            if (redirects)
                context.Response.Redirect("/welcome");
            else
                await context.Response.WriteAsync("You are logged out.");
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        AssertNothingSaved();
    }

    [Test]
    public async Task An_app_that_ignores_the_exception_cannot_report_success([Values] bool writesAgain, [Values] bool hasErrorPage)
    {
        await BeginAsync(hasErrorPage ? WithErrorPage : new WebSetUp());

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            Assert.That(() => context.Response.WriteAsync("saved"), Throws.Exception);
            if (writesAgain)
                await context.Response.WriteAsync("saved");
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(writesAgain && hasErrorPage ? ErrorPage : ""));
        AssertNothingSaved();
    }

    /// <summary>The middleware's body is in front of the one that commits, or behind it.</summary>
    [Test]
    public async Task Middleware_that_changes_the_body_sends_nothing_of_it_and_the_error_page([Values] BodyMiddleware middleware, [Values] bool isOutside)
    {
        await BeginAsync(WithErrorPage with
        {
            ServicesBefore = BodyMiddlewares.AddServices,
            Outside = outside =>
            {
                WithErrorPage.Outside!(outside);
                if (isOutside)
                    middleware.Use(outside);
            },
            Inside = isOutside ? null : inside => middleware.Use(inside),
        });

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            context.Response.ContentType = "text/plain";
            context.Response.Headers.CacheControl = "public, max-age=60";
            await context.Response.WriteAsync("saved");
            await context.Response.Body.FlushAsync();
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ErrorPage));
        AssertNothingSaved();
    }

    /// <summary>The middleware's commit at the end of the page fails. The page's status is an error already.</summary>
    [Test]
    public async Task A_page_for_a_status_is_shown_with_that_status()
    {
        await BeginAsync(WithErrorPage with { Outside = static outside => outside.UseStatusCodePagesWithReExecute("/error") });

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ErrorPage));
        AssertNothingSaved();
    }

    [Test]
    public async Task An_app_can_answer_with_an_error_by_itself_and_the_commit_is_not_tried_again()
    {
        await BeginAsync();

        using var response = await _browser.SendAsync(async context =>
        {
            await BreakAsync(context);
            Assert.That(() => context.Response.WriteAsync("saved"), Throws.Exception);
            BringTableBack();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(ErrorPage);
        });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ErrorPage));
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
    public async Task A_commit_that_failed_is_not_tried_again([Values] bool errorPageSaves)
    {
        var app = await BeginAsync(WithErrorPage with
        {
            Endpoints = endpoints => endpoints.Map("/error", context =>
            {
                if (errorPageSaves)
                    context.Session.SetString("error page", "seen");

                return context.Response.WriteAsync(ErrorPage);
            }),
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
        Assert.That(Table.Entries(_browser.Key), Is.EqualTo(errorPageSaves ? "user=ann error page=seen" : "user=ann"));
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
