using NUnit.Framework.Interfaces;

namespace SmartCache.Contract.Web;

/// <summary>A contract seen from a browser. After each test, no log of the app holds a session key, or an error that was not expected.</summary>
public abstract class WebContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const string SessionKey = "[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}";

    private readonly List<WebApp> _apps = [];

    /// <summary>Whether the test makes something fail, so that an error in the log is what it wants.</summary>
    protected bool ExpectsErrors { get; set; }

    [SetUp]
    public void ForgetApps()
    {
        _apps.Clear();
        ExpectsErrors = false;
    }

    [TearDown]
    public void CheckLogs()
    {
        var isFailed = TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed;
        var lines = _apps.SelectMany(app => app.Logs.Lines).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(
                lines.Where(line => line.Category.StartsWith(nameof(SmartCache), StringComparison.Ordinal)).Select(line => line.Text),
                Has.None.Matches(SessionKey),
                "no session key in a message of ours");
            Assert.That(lines.Where(line => line.Level >= LogLevel.Error && !ExpectsErrors && !isFailed), Is.Empty, "no error in the log");
        });
    }

    protected Task<WebApp> StartAsync(WebSetUp? setUp = null)
    {
        setUp ??= new WebSetUp();
        return StartAsync(
            services => Engine.AddCache(services, Table.Name, options =>
            {
                // Nothing is removed behind a test's back.
                options.ExpiredRemovalInterval = null;
                setUp.Cache?.Invoke(options);
            }),
            setUp);
    }

    /// <summary>An app with caches of the test's own.</summary>
    protected async Task<WebApp> StartAsync(Action<IServiceCollection> addCaches, WebSetUp setUp)
    {
        var app = await WebApp.StartAsync(addCaches, Time, setUp);
        _apps.Add(app);
        return Owned(app);
    }

    /// <summary>An app in which both ways in which a session can be saved are tried: with and without the second read that logging causes.</summary>
    protected Task<WebApp> StartAsync(ConcurrencyMode concurrency, LogLevel logLevel) =>
        StartAsync(new WebSetUp { LogLevel = logLevel, Cache = options => options.Concurrency = concurrency });
}
