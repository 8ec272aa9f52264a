namespace SmartCache.Contract.Web;

/// <summary>The README's table of statements per request, as the database counts them. What the driver sends beside them counts too.</summary>
public abstract class StatementBudgetContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    protected const int Requests = 50;

    /// <summary>After these, statements are prepared and the table is known.</summary>
    protected const int WarmUps = 5;

    private StatementAccount _account = null!;
    private WebApp _app = null!;
    private long _roundTrips;

    /// <summary>The table, with rows found as this fixture's options save them.</summary>
    protected virtual RawTable Rows => Table;
    protected SmartDistributedCache Cache => _app.SmartCache;
    protected WebApp App => _app;

    /// <summary>Whether a commit costs no round trip of its own.</summary>
    protected bool CommitsInOneText { get; private set; }

    [OneTimeSetUp]
    public async Task OpenAccount()
    {
        _account = await Engine.OpenAccountAsync();
        await using var node = new Node(Engine, "none", TimeProvider.System, CallStyle.Asynchronous);
        CommitsInOneText = node.Dialect.CommitsInOneText;
    }

    [OneTimeTearDown]
    public ValueTask CloseAccount() => _account.DisposeAsync();

    [SetUp]
    public async Task WarmUp()
    {
        _app = await StartAsync(Prepare(new WebSetUp { Cache = ConfigureCounted }));
        foreach (var style in Enum.GetValues<LoadStyle>())
        {
            for (var i = 0; i < WarmUps; i++)
            {
                var browser = await NewSessionAsync();
                await RunAsync(browser, style, session => session.SetString("a", $"again {i}"));
                await LoseRaceAsync(browser, $"{i}");
                await _app.NewBrowserWithKey().RunAsync(_ => { });
                await _app.SmartCache.FlushAsync();
            }
        }

        Begin();
    }

    [Test]
    public async Task A_request_that_leaves_the_session_alone_costs_nothing([Values] bool hasCookie)
    {
        var browser = await NewSessionAsync();
        Begin();
        await RepeatAsync(() => (hasCookie ? browser : _app.NewBrowser()).RunAsync(_ => { }));

        AssertEachCost(roundTrips: 0);
    }

    [Test]
    public async Task Reading_a_session_or_saving_what_was_loaded_costs_one_select([Values] LoadStyle style, [Values] bool saves, [Values] bool writes)
    {
        var browser = await NewSessionAsync();
        Begin();
        await RepeatAsync(() => RunAsync(browser, style, session =>
        {
            Assert.That(session.GetString("a"), Is.EqualTo("1"));
            if (saves)
                session.SetString("a", "1");
        }, writes));

        AssertEachCost(roundTrips: 1, "SELECT");
    }

    [Test]
    public async Task Changing_an_entry_costs_one_select_and_one_update([Values] LoadStyle style, [Values] bool writes)
    {
        var browser = await NewSessionAsync();
        Begin();
        var last = 0;
        await RepeatAsync(() => RunAsync(browser, style, session => session.SetInt32("last", ++last), writes));

        AssertEachCost(roundTrips: 2, "SELECT", "UPDATE");
        Assert.That(await browser.RunAsync(context => context.Session.GetInt32("last")), Is.EqualTo(Requests));
    }

    [Test]
    public async Task A_new_session_costs_one_select_and_one_insert([Values] LoadStyle style, [Values] bool writes)
    {
        var before = Table.Count();
        await RepeatAsync(() => RunAsync(_app.NewBrowser(), style, session => session.SetString("a", "1"), writes));

        AssertEachCost(roundTrips: 2, "SELECT", "INSERT");
        Assert.That(Table.Count(), Is.EqualTo(before + Requests));
    }

    /// <summary>A save writes the expiry too, and the touch of a request that saves nothing is written at its end alone.</summary>
    [Test]
    public async Task With_immediate_touches_a_request_costs_one_select_and_one_update([Values] bool changes, [Values] bool writes)
    {
        var app = await StartAsync(new WebSetUp
        {
            Cache = options =>
            {
                ConfigureCounted(options);
                options.RefreshMode = RefreshMode.Immediate;
            },
        });
        var browser = app.NewBrowserWithKey();
        for (var i = 0; i < WarmUps; i++)
        {
            await browser.RunAsync(context => ChangeAsync(context, $"warm {i}"));
            await browser.RunAsync(context => UseAsync(context, $"use {i}"));
        }

        Begin();
        var number = 0;
        await RepeatAsync(() => browser.RunAsync(context => UseAsync(context, $"{++number}")));

        AssertEachCost(roundTrips: 2, "SELECT", "UPDATE");

        Task UseAsync(HttpContext context, string value)
        {
            _ = context.Session.Keys;
            return changes ? ChangeAsync(context, value) : EndAsync(context);
        }

        Task ChangeAsync(HttpContext context, string value)
        {
            context.Session.SetString("a", value);
            return EndAsync(context);
        }

        Task EndAsync(HttpContext context) => writes ? context.Response.WriteAsync("text") : Task.CompletedTask;
    }

    /// <summary>The slow request pays four round trips, or five where the commit is one, the one that came between two.</summary>
    [Test]
    public async Task A_lost_race_costs_two_round_trips_more_and_the_commit_where_it_stands_apart()
    {
        var more = CommitsInOneText ? 2 : 3;
        var browser = await NewSessionAsync();
        Begin();
        var number = 0;
        await RepeatAsync(() => LoseRaceAsync(browser, $"{++number}"));

        AssertEachCost(roundTrips: (2 + 2) + more, isTransaction: true, "SELECT", "SELECT", "UPDATE", "UPDATE", "SELECT", "UPDATE");
        Assert.That(Rows.Entries(browser.Key), Is.EqualTo($"a=1 quick={Requests} slow={Requests}"));
    }

    /// <summary>Each request belongs to a session that this node has not seen: none can wait for others of its own.</summary>
    [Test]
    public async Task At_a_hundred_requests_a_second_keeping_sessions_alive_costs_less_than_a_twentieth_of_a_statement_each()
    {
        const int Seconds = 3;
        const int EachSecond = 100;
        var keys = Enumerable.Range(0, Seconds * EachSecond).Select(_ => Guid.NewGuid().ToString()).ToList();
        await SaveUncountedAsync(keys);
        Time.Advance(TimeSpan.FromMinutes(10));
        await _app.SmartCache.FlushAsync();
        Begin();
        foreach (var second in keys.Chunk(EachSecond))
        {
            foreach (var key in second)
            {
                var browser = _app.NewBrowser();
                browser.Key = key;
                await browser.RunAsync(_ => { });
            }

            Time.Advance(TimeSpan.FromSeconds(1));
            await _app.SmartCache.FlushAsync();
        }

        // A statement inside the process is not sent: there it is the transaction that costs, its beginning and its end.
        var statements = _account.Take();
        var (counted, limit) = _account.RoundTrips is null
            ? (statements.Count(static verb => verb == StatementAccount.Transaction), 2 * Seconds)
            : (statements.Count, keys.Count / 20);
        Assert.That(counted, Is.InRange(1, limit), Tally(statements));
        Assert.That(_account.RoundTrips - _roundTrips, Is.Null.Or.InRange(1, 2 * Seconds));
        Assert.That(
            keys.Select(key => Rows.Row(key).ExpiresAt),
            Has.All.GreaterThan(Time.Milliseconds + 1_200_000 - ((Seconds + 1) * 1_000)), "every touch is in its row");
    }

    protected virtual void Configure(SmartCacheOptions options)
    {
    }

    protected virtual WebSetUp Prepare(WebSetUp setUp) => setUp;

    protected static async Task RepeatAsync(Func<Task> request)
    {
        for (var i = 0; i < Requests; i++)
            await request();
    }

    protected void Begin()
    {
        _account.Take();
        _roundTrips = _account.RoundTrips ?? 0;
    }

    protected async Task<Browser> NewSessionAsync()
    {
        var browser = _app.NewBrowser();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        return browser;
    }

    protected void AssertEachCost(int roundTrips, params string[] statements) => AssertEachCost(roundTrips, isTransaction: false, statements);

    protected void AssertEachCost(int roundTrips, bool isTransaction, params string[] statements)
    {
        var taken = _account.Take();

        // In the process a transaction that surrounds a statement costs nothing to begin: its commit is the statement's own.
        var counted = isTransaction || _account.RoundTrips is null ? taken.Where(static verb => verb != StatementAccount.Transaction) : taken;
        Assert.Multiple(() =>
        {
            Assert.That(Tally(counted), Is.EqualTo(Tally(Enumerable.Repeat(statements, Requests).SelectMany(static each => each))));
            Assert.That(_account.RoundTrips - _roundTrips, Is.Null.Or.EqualTo(roundTrips * Requests), "round trips");
        });
    }

    private void ConfigureCounted(SmartCacheOptions options)
    {
        _account.Connect(options);
        Configure(options);
    }

    /// <summary>A response with a body starts before the request ends.</summary>
    private static Task RunAsync(Browser browser, LoadStyle style, Action<ISession> use, bool writes = false) => browser.RunAsync(async context =>
    {
        if (style == LoadStyle.LoadAsync)
            await context.Session.LoadAsync();

        use(context.Session);
        if (writes)
            await context.Response.WriteAsync("text");
    });

    private static async Task LoseRaceAsync(Browser browser, string value)
    {
        var slow = await browser.BeginSlowAsync(context => context.Session.SetString("slow", value));
        await browser.RunAsync(context => context.Session.SetString("quick", value));
        await slow.EndAsync();
    }

    /// <summary>Saves sessions on another node, whose statements are not counted.</summary>
    private async Task SaveUncountedAsync(IEnumerable<string> keys)
    {
        await using var other = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, Configure);
        foreach (var key in keys)
            await other.Cache.SetAsync(key, SessionBytes.Of(Guid.NewGuid(), ("a", "1")), Expires.Sliding(TimeSpan.FromMinutes(20)));
    }

    private static string Tally(IEnumerable<string> statements) =>
        string.Join(", ", statements.CountBy(static verb => verb).OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Value} {pair.Key}"));
}
