using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.Extensions.FileProviders;

[assembly: RazorCompiledItem(typeof(CommitPage), "mvc.1.0.razor-page", "/Pages/Razor.cshtml")]

namespace SmartCache.Contract.Web;

/// <summary>What a request has saved is in the database before the first byte of its response leaves.</summary>
[NewestRelease]
public abstract class CommitBeforeResponseContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private Gate _end = null!;

    [SetUp]
    public void CloseTheEnd() => _end = new Gate();

    [PairsByDay]
    public async Task A_session_is_saved_when_the_headers_arrive(
        [Values] bool isOn, [ValueSource(typeof(ResponseStarts), nameof(ResponseStarts.Open))] ResponseStart start, [Values] LoadStyle load, [Values] WebServer server, [Values] bool isNew)
    {
        var app = await StartAsync(new WebSetUp { Cache = options => options.CommitBeforeResponse = isOn, Server = server, Inside = HoldTheEnd });
        var browser = app.NewBrowserWithKey();
        if (!isNew)
            await BeginAsync(browser);

        using var response = await browser.SendAsync(
            context => start.RunAsync(context, () => SetAsync(context, load, "a", "1")), HttpCompletionOption.ResponseHeadersRead);

        var before = isNew ? "" : "before=0 ";
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Version, Is.EqualTo(server == WebServer.KestrelHttp2 ? HttpVersion.Version20 : HttpVersion.Version11));
        Assert.That(Table.Find(browser.Key)?.Entries ?? "", Is.EqualTo(isOn ? $"{before}a=1" : before.TrimEnd()));
        _end.Open();
        Assert.That(await response.Content.ReadAsStringAsync(), start == ResponseStart.File ? Has.Length.EqualTo(ResponseStarts.Text.Length) : Contains.Substring(ResponseStarts.Text));
        Assert.That(Table.Entries(browser.Key), Is.EqualTo($"{before}a=1"));
        Assert.That(app.Logs.At(LogLevel.Warning), Is.Empty);
    }

    [Test]
    public async Task A_session_is_saved_when_a_response_completes_before_its_request(
        [Values(ResponseStart.BodyWriterCompleted, ResponseStart.CompleteAsync)] ResponseStart start, [Values(WebServer.Kestrel, WebServer.KestrelHttp2)] WebServer server)
    {
        var app = await StartAsync(new WebSetUp { Server = server, Inside = HoldTheEnd });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.SendAsync(
            context => start.RunAsync(context, () => SetAsync(context, LoadStyle.LoadAsync, "a", "1")), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(Table.Find(browser.Key)?.Entries, Is.EqualTo("a=1"));
        _end.Open();
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ResponseStarts.Text));
    }

    [PairsByDay]
    public async Task A_logout_is_done_when_the_headers_arrive([Values] bool isOn, [Values] SessionUse use, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(new WebSetUp { Cache = options => options.CommitBeforeResponse = isOn, LogLevel = logLevel, Inside = HoldTheEnd });
        var browser = app.NewBrowserWithKey();
        await BeginAsync(browser);

        using var response = await browser.SendAsync(
            async context =>
            {
                _ = use == SessionUse.Untouched ? [] : context.Session.Keys;
                if (use == SessionUse.Changed)
                    context.Session.SetString("a", "1");

                context.AbandonSession();
                await context.Response.WriteAsync("bye");
            },
            HttpCompletionOption.ResponseHeadersRead);

        Assert.That(Table.Find(browser.Key), isOn ? Is.Null : Is.Not.Null);
        _end.Open();
        await response.Content.ReadAsStringAsync();
        Assert.That(Table.Find(browser.Key), Is.Null);
    }

    [Test]
    public async Task What_a_request_asks_for_its_session_before_the_response_is_done([Values] LoadStyle load)
    {
        var app = await StartAsync(new WebSetUp { Inside = HoldTheEnd });
        var browser = app.NewBrowserWithKey();
        await BeginAsync(browser);
        var before = Table.Row(browser.Key);
        Time.Advance(TimeSpan.FromMinutes(1));

        await SendAsync(context => context.SkipSessionSave(), "skipped");
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("before=0"));
        await SendAsync(context => context.SkipSessionRefresh(), "kept");
        Assert.That(Table.Row(browser.Key), Has.Property("Entries").EqualTo("before=0 a=kept").And.Property("ExpiresAt").EqualTo(before.ExpiresAt));
        var kept = Table.Row(browser.Key);
        await SendAsync(context => context.ForceSessionSave(), "kept");
        Assert.That(Table.Row(browser.Key).Version, Is.Not.EqualTo(kept.Version));

        async Task SendAsync(Action<HttpContext> ask, string value)
        {
            _end = new Gate();
            using var response = await browser.SendAsync(
                async context =>
                {
                    await SetAsync(context, load, "a", value);
                    ask(context);
                    await context.Response.WriteAsync("text");
                },
                HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            var row = Table.Row(browser.Key);
            _end.Open();
            await response.Content.ReadAsStringAsync();
            Assert.That(Table.Row(browser.Key).Version, Is.EqualTo(row.Version), "the end changes nothing more");
        }
    }

    [Test]
    public async Task A_new_session_that_is_empty_again_gets_no_row()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();

        await browser.RunAsync(async context =>
        {
            context.Session.SetString("a", "1");
            context.Session.Remove("a");
            await context.Response.WriteAsync("text");
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [PairsByDay]
    public async Task Both_of_two_nested_sessions_are_saved_when_the_headers_arrive([Values] bool isNew, [LogLevels] LogLevel logLevel)
    {
        var app = await StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            Inside = inside =>
            {
                inside.Use((context, next) =>
                {
                    context.Session.SetString("outer", "1");
                    return next(context);
                }).UseSession();
                HoldTheEnd(inside);
            },
        });
        var browser = app.NewBrowserWithKey();
        if (!isNew)
            await BeginElsewhereAsync(browser.Key);

        using var response = await browser.SendAsync(
            async context =>
            {
                context.Session.SetString("inner", "2");
                await context.Response.WriteAsync("text");
            },
            HttpCompletionOption.ResponseHeadersRead);

        Assert.That(Table.Entries(browser.Key), Is.EqualTo(isNew ? "inner=2 outer=1" : "before=0 inner=2 outer=1"));
        _end.Open();
        await response.Content.ReadAsStringAsync();
        Assert.That(Table.Entries(browser.Key), Is.EqualTo(isNew ? "inner=2 outer=1" : "before=0 inner=2 outer=1"));
    }

    [Test]
    public async Task An_error_page_has_saved_its_own_session_when_the_headers_arrive([Values] bool throws)
    {
        ExpectsErrors = throws;
        var app = await StartAsync(new WebSetUp
        {
            Outside = outside => _ = throws ? outside.UseExceptionHandler("/error") : outside.UseStatusCodePagesWithReExecute("/error"),
            Inside = inside => inside.Use(async (context, next) =>
            {
                await next(context);
                if (context.Response.HasStarted)
                    await _end.PassAsync();
            }),
            Endpoints = endpoints => endpoints.Map("/error", async context =>
            {
                context.Session.SetString("error page", "seen");
                await context.Response.WriteAsync("sorry");
            }),
        });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.SendAsync(
            context =>
            {
                context.Session.SetString("page", "visited");
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return throws ? throw new InvalidOperationException("The page cannot be shown.") : Task.CompletedTask;
            },
            HttpCompletionOption.ResponseHeadersRead);

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("page=visited error page=seen"));
        _end.Open();
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("sorry"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
    }

    [PairsByDay]
    public async Task Middleware_that_changes_the_body_does_not_stand_in_the_way([Values] BodyMiddleware middleware, [Values] bool isOutside)
    {
        var app = await StartAsync(new WebSetUp
        {
            ServicesBefore = BodyMiddlewares.AddServices,
            Outside = isOutside ? outside => middleware.Use(outside) : null,
            Inside = inside =>
            {
                HoldTheEnd(inside);
                if (!isOutside)
                    middleware.Use(inside);
            },
        });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.SendAsync(
            async context =>
            {
                context.Session.SetString("a", "1");
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync(ResponseStarts.Text);
                await context.Response.Body.FlushAsync();
            },
            HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.Content.Headers.ContentEncoding, middleware == BodyMiddleware.Compression ? Is.EqualTo(["gzip"]) : Is.Empty);
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
        _end.Open();
        await response.Content.ReadAsStringAsync();
    }

    [Test]
    public async Task A_session_is_saved_when_a_kept_response_answers_the_request([Values(BodyMiddleware.Caching, BodyMiddleware.OutputCaching)] BodyMiddleware middleware)
    {
        var (visits, pages) = (0, 0);
        var app = await StartAsync(new WebSetUp
        {
            ServicesBefore = BodyMiddlewares.AddServices,
            Inside = inside =>
            {
                HoldTheEnd(inside);
                inside.Use((context, next) =>
                {
                    context.Session.SetString("visits", $"{++visits}");
                    return next(context);
                });
                middleware.Use(inside);
            },
            Endpoints = endpoints => endpoints.Map("/kept", context =>
            {
                pages++;
                context.Response.Headers.CacheControl = "public, max-age=60";
                return context.Response.WriteAsync(ResponseStarts.Text);
            }).CacheOutput(),
        });
        var browser = app.NewBrowserWithKey();
        _end.Open();
        (await browser.GetAsync(new Uri("/kept", UriKind.Relative))).Dispose();
        _end = new Gate();

        using var response = await browser.GetAsync(new Uri("/kept", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("visits=2"));
        _end.Open();
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ResponseStarts.Text));
        Assert.That(pages, Is.EqualTo(1));
    }

    /// <summary>A widespread pattern: the response starts only when the whole body is copied.</summary>
    [Test]
    public async Task A_body_that_middleware_keeps_in_memory_can_be_read_and_the_session_changed_until_it_is_sent()
    {
        var app = await StartAsync(new WebSetUp
        {
            Outside = outside => outside.Use(async (context, next) =>
            {
                var original = context.Response.Body;
                using var kept = new MemoryStream();
                context.Response.Body = kept;
                await next(context);
                context.Response.Body.Position = 0;
                var text = await new StreamReader(context.Response.Body).ReadToEndAsync();
                context.Response.Body = original;
                await context.Response.WriteAsync(text.ToUpperInvariant());
            }),
        });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.SendAsync(async context =>
        {
            context.Session.SetString("a", "1");
            await context.Response.WriteAsync("text");
            Assert.That(context.Response.Body, Is.InstanceOf<MemoryStream>());
            context.Session.SetString("b", "2");
        });

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("TEXT"));
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1 b=2"));
        Assert.That(app.Logs.At(LogLevel.Warning), Is.Empty, "nothing came too late");
    }

    /// <summary>Servers send at the end what an app has written and not flushed.</summary>
    [Test]
    public async Task What_is_not_flushed_is_sent_in_its_order(
        [Values] bool changes, [Values] bool flushes, [Values] bool usesStream, [Values] bool isCompressed)
    {
        var app = await StartAsync(new WebSetUp
        {
            ServicesBefore = static services => services.AddResponseCompression(),
            Outside = isCompressed ? static app => app.UseResponseCompression() : null,
        });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.SendAsync(async context =>
        {
            _ = context.Session.Keys;
            if (changes)
                context.Session.SetString("a", "1");

            context.Response.ContentType = "text/plain";
            context.Response.WriteUnflushed("one ");
            if (flushes)
                await context.Response.BodyWriter.FlushAsync();

            context.Response.WriteUnflushed("two ");
            if (usesStream)
            {
                await context.Response.BodyWriter.FlushAsync();
                await context.Response.Body.WriteAsync("three "u8.ToArray());
            }

            context.Response.WriteUnflushed("four");
        });

        await using var body = await response.Content.ReadAsStreamAsync();
        await using var text = isCompressed ? new GZipStream(body, CompressionMode.Decompress) : body;
        Assert.That(await new StreamReader(text).ReadToEndAsync(), Is.EqualTo(usesStream ? "one two three four" : "one two four"));
        Assert.That(Table.Find(browser.Key)?.Entries, Is.EqualTo(changes ? "a=1" : null));
    }

    [Test]
    public async Task What_is_not_flushed_is_sent_before_what_goes_past_the_commit()
    {
        var browser = (await StartAsync()).NewBrowserWithKey();

        using var response = await browser.SendAsync(async context =>
        {
            var body = context.Response.Body;
            context.Session.SetString("a", "1");
            context.Response.WriteUnflushed("one ");
            await body.WriteAsync("two"u8.ToArray());
        });

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("one two"));
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task A_session_is_saved_when_a_web_socket_opens()
    {
        var app = await StartAsync(new WebSetUp { Inside = static inside => inside.UseWebSockets() });
        var browser = app.NewBrowserWithKey();

        using var socket = await browser.ConnectAsync(async context =>
        {
            context.Session.SetString("a", "1");
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await _end.PassAsync();
        });
        await _end.Reached;

        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
        _end.Open();
    }

    [Test]
    public async Task A_page_of_any_kind_has_saved_the_session_when_the_headers_arrive(
        [Values("commit/content", "commit/json", "commit/stream", "razor", "minimal", "SmartCache.Contract.dll")] string page)
    {
        var app = await StartAsync(new WebSetUp
        {
            ServicesBefore = AddPages,
            Inside = inside =>
            {
                HoldTheEnd(inside);
                inside.Use((context, next) =>
                {
                    context.Session.SetString("a", "1");
                    return next(context);
                }).UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory), ServeUnknownFileTypes = true });
            },
            Endpoints = endpoints =>
            {
                endpoints.MapControllers();
                endpoints.MapRazorPages();
                endpoints.MapGet("/minimal", static () => TypedResults.Text(ResponseStarts.Text));
            },
        });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.GetAsync(new Uri($"/{page}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        response.EnsureSuccessStatusCode();
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
        _end.Open();
        Assert.That(await response.Content.ReadAsStringAsync(), page.EndsWith(".dll", StringComparison.Ordinal) ? Is.Not.Empty : Contains.Substring(ResponseStarts.Text));
    }

    /// <summary>MVC saves its temporary data when the response starts.</summary>
    [Test]
    public async Task Temporary_data_of_a_session_that_was_loaded_first_is_saved_when_the_headers_arrive()
    {
        var app = await StartAsync(new WebSetUp
        {
            ServicesBefore = AddPages,
            Inside = inside =>
            {
                inside.Use(async (context, next) =>
                {
                    await context.Session.LoadAsync();
                    await next(context);
                });
                HoldTheEnd(inside);
            },
            Endpoints = endpoints => endpoints.MapControllers(),
        });
        var browser = app.NewBrowserWithKey();

        using var response = await browser.GetAsync(new Uri("/commit/message", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        response.EnsureSuccessStatusCode();
        Assert.That(Table.Entries(browser.Key), Contains.Substring("saved in time"));
        _end.Open();
        await response.Content.ReadAsStringAsync();
    }

    [Test]
    public async Task A_client_that_waits_for_the_headers_only_sees_what_its_last_request_has_set([Values] WebServer server)
    {
        const int Few = 200;
        var rounds = Race.RoundsOr(Few);

        Assert.That(await CountStaleAsync(server, isOn: true, rounds), Is.Zero);
        if (rounds > Few)
            await TestContext.Out.WriteLineAsync($"By the middleware alone, {await CountStaleAsync(server, isOn: false, rounds)} of {rounds} reads were stale.");
    }

    private async Task<int> CountStaleAsync(WebServer server, bool isOn, int rounds)
    {
        var app = await StartAsync(new WebSetUp { Cache = options => options.CommitBeforeResponse = isOn, Server = server });
        var browser = app.NewBrowserWithKey();
        var stale = 0;
        for (var round = 1; round <= rounds; round++)
        {
            using var first = await SendAsync(context => context.Session.SetInt32("round", round));
            var seen = 0;
            using var second = await SendAsync(context => seen = context.Session.GetInt32("round") ?? 0);
            stale += seen == round ? 0 : 1;
        }

        return stale;

        Task<HttpResponseMessage> SendAsync(Action<HttpContext> use) => browser.SendAsync(
            async context =>
            {
                use(context);
                await context.Response.WriteAsync("text");
            },
            HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Without this the session's own commit at the end would be over before the test can look.</summary>
    private void HoldTheEnd(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response.HasStarted)
            await _end.PassAsync();
    });

    private async Task BeginAsync(Browser browser)
    {
        _end.Open();
        await browser.RunAsync(context => context.Session.SetString("before", "0"));
        _end = new Gate();
    }

    private async Task BeginElsewhereAsync(string key)
    {
        var app = await StartAsync();
        var other = app.NewBrowser();
        other.Key = key;
        await other.RunAsync(context => context.Session.SetString("before", "0"));
    }

    private static void AddPages(IServiceCollection services)
    {
        var assembly = typeof(CommitController).Assembly;
        services.AddRazorPages().AddApplicationPart(assembly)
            .ConfigureApplicationPartManager(parts => parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(assembly)))
            .AddSessionStateTempDataProvider();
    }

    private static async Task SetAsync(HttpContext context, LoadStyle load, string name, string value)
    {
        if (load == LoadStyle.LoadAsync)
            await context.Session.LoadAsync();

        context.Session.SetString(name, value);
    }
}

/// <summary>Answers in the ways of MVC.</summary>
[Route("commit/[action]")]
public sealed class CommitController : Controller
{
    [TempData]
    public string? Left { get; set; }

    [ActionName("content")]
    public IActionResult Text() => Content(ResponseStarts.Text);

    [ActionName("json")]
    public IActionResult Serialized() => Json(ResponseStarts.Text);

    [ActionName("stream")]
    public IActionResult Streamed() => File(new MemoryStream(Encoding.UTF8.GetBytes(ResponseStarts.Text)), "text/plain");

    [ActionName("message")]
    public IActionResult Message()
    {
        Left = "saved in time";
        return Content(ResponseStarts.Text);
    }
}

/// <summary>A Razor page as its compiler leaves it.</summary>
public sealed class CommitPage : Page
{
    public CommitPage Model => this;

    public override Task ExecuteAsync()
    {
        WriteLiteral(ResponseStarts.Text);
        return Task.CompletedTask;
    }
}
