using System.Net;

namespace SmartCache.Contract.Web;

/// <summary>A database that does not answer as it should, or not in time. The stock session goes on without one, and so does the app.</summary>
[NewestRelease]
public abstract class FailureContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>Far above what a request may wait, far below what a driver waits by itself.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private Browser _browser = null!;

    [SetUp]
    public void ExpectErrors() => ExpectsErrors = true;

    [TearDown]
    public void BringTableBack() => Assert.That(Table.Count, Throws.Nothing);

    [Test]
    public async Task A_failing_load_makes_the_session_unavailable_and_nothing_is_lost([LogLevels] LogLevel logLevel)
    {
        var app = await BeginAsync(logLevel);
        using (new MissingTable(Engine, Table))
        {
            await _browser.RunAsync(context =>
            {
                Assert.That(context.Session.IsAvailable, Is.False);
                context.Session.SetString("a", "lost, as the app was told");
                context.Session.Clear();
            });
        }

        Assert.That(app.Logs.At(LogLevel.Error), Has.Some.Contains("Session cache read exception"));
        Assert.That(await _browser.RunAsync(context => context.Session.GetString("user")), Is.EqualTo("ann"));
    }

    [Test]
    public async Task After_a_failed_LoadAsync_the_next_one_loads_what_is_there([LogLevels] LogLevel logLevel)
    {
        await BeginAsync(logLevel);

        await _browser.RunAsync(async context =>
        {
            using (new MissingTable(Engine, Table))
            {
                Assert.That(() => context.Session.LoadAsync(), Throws.Exception);
            }

            await context.Session.LoadAsync();
            context.Session.SetString("a", "1");
        });

        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ann a=1"));
    }

    [Test]
    public async Task A_failing_save_at_the_end_of_a_request_is_logged_and_leaves_the_row_as_it_was([LogLevels] LogLevel logLevel, [Values] bool commitsBeforeResponse)
    {
        var app = await BeginAsync(logLevel, commitsBeforeResponse: commitsBeforeResponse);
        var slow = await _browser.BeginSlowAsync(context => context.Session.SetString("user", "ben"));
        using (new MissingTable(Engine, Table))
        {
            await EndAsync(slow, commitsBeforeResponse);
        }

        Assert.That(app.Logs.At(LogLevel.Error), Has.Some.Contains("Error closing the session"));
        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ann"));
    }

    [Test]
    public async Task A_save_gives_up_when_the_sessions_time_for_it_is_over([Values] ConcurrencyMode concurrency, [Values] bool commitsBeforeResponse)
    {
        var app = await BeginAsync(LogLevel.Information, concurrency, TimeSpan.FromMilliseconds(500), commitsBeforeResponse);
        var slow = await _browser.BeginSlowAsync(context => context.Session.SetString("a", "1"));
        var clock = Stopwatch.StartNew();
        using (new LockedRow(Engine, Table, _browser.Key))
        {
            await EndAsync(slow, commitsBeforeResponse).WaitAsync(Soon);
        }

        Assert.That(clock.Elapsed, Is.LessThan(Soon));
        Assert.That(
            app.Logs.Lines.Select(line => line.Text),
            Has.Some.Contains("Timed out committing the session").Or.Some.Contains("Committing the session was canceled"));
        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ann"));
        await _browser.RunAsync(context => context.Session.SetString("b", "2"));
        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ann b=2"));
    }

    [Test]
    public async Task A_commit_that_its_caller_cancels_ends_soon_and_the_next_one_saves([Values] ConcurrencyMode concurrency)
    {
        await BeginAsync(LogLevel.Warning, concurrency);

        await _browser.RunAsync(async context =>
        {
            context.Session.SetString("a", "1");
            using (new LockedRow(Engine, Table, _browser.Key))
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                Assert.That(() => context.Session.CommitAsync(patience.Token).WaitAsync(Soon), Throws.InstanceOf<OperationCanceledException>());
            }

            context.Session.SetString("b", "2");
        });

        Assert.That(Table.Entries(_browser.Key), Is.EqualTo("user=ann a=1 b=2"));
    }

    /// <summary>The middleware swallows the error. The response tells of it only if it waits for the save.</summary>
    private static async Task EndAsync(SlowRequest slow, bool isError)
    {
        if (isError)
            Assert.That(slow.EndAsync, Throws.InstanceOf<HttpRequestException>().With.Property("StatusCode").EqualTo(HttpStatusCode.InternalServerError));
        else
            await slow.EndAsync();
    }

    private async Task<WebApp> BeginAsync(
        LogLevel logLevel, ConcurrencyMode concurrency = ConcurrencyMode.Optimistic, TimeSpan? ioTimeout = null, bool commitsBeforeResponse = true)
    {
        var app = await StartAsync(new WebSetUp
        {
            LogLevel = logLevel,
            Cache = options => (options.Concurrency, options.CommitBeforeResponse) = (concurrency, commitsBeforeResponse),
            Session = options => options.IOTimeout = ioTimeout ?? options.IOTimeout,
        });
        _browser = app.NewBrowserWithKey();
        await _browser.RunAsync(context => context.Session.SetString("user", "ann"));
        return app;
    }
}
