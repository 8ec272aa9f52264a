namespace SmartCache.Contract.Owners;

/// <summary>Owners cost no statement, but one for each login.</summary>
public abstract class OwnerStatementBudgetContract<TEngine> : StatementBudgetContract<TEngine>
    where TEngine : TestEngine, new()
{
    private string? _user;

    [SetUp]
    public void LogIn() => _user = "alice";

    [Test]
    public async Task The_first_page_after_a_login_costs_one_update_and_the_next_none([Values] bool writes)
    {
        _user = null;
        var browsers = new List<Browser>();
        for (var i = 0; i < WarmUps + Requests; i++)
            browsers.Add(await NewSessionAsync());

        _user = "alice";
        foreach (var browser in browsers.Take(WarmUps))
            await ReadAsync(browser, writes);

        Begin();
        var rest = new Queue<Browser>(browsers.Skip(WarmUps));
        await RepeatAsync(() => ReadAsync(rest.Dequeue(), writes));
        AssertEachCost(roundTrips: 2, "SELECT", "UPDATE");
        Begin();
        rest = new Queue<Browser>(browsers.Skip(WarmUps));
        await RepeatAsync(() => ReadAsync(rest.Dequeue(), writes));

        AssertEachCost(roundTrips: 1, "SELECT");
        Assert.That(browsers.Select(browser => Rows.Owner(browser.Key)), Has.All.EqualTo("alice"));
    }

    protected override void Configure(SmartCacheOptions options) => options.Owner = _ => _user;

    private static Task ReadAsync(Browser browser, bool writes) => browser.RunAsync(async context =>
    {
        Assert.That(context.Session.GetString("a"), Is.EqualTo("1"));
        if (writes)
            await context.Response.WriteAsync("text");
    });
}
