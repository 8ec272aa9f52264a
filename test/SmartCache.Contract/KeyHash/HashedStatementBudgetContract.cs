namespace SmartCache.Contract.KeyHash;

/// <summary>Under hashed keys nothing costs a statement more, not even the save that gives a row under its plain key its hash.</summary>
public abstract class HashedStatementBudgetContract<TEngine> : StatementBudgetContract<TEngine>
    where TEngine : TestEngine, new()
{
    protected override RawTable Rows => Table.UnderHashes;

    [Test]
    public async Task Changing_an_unhashed_session_costs_one_select_and_one_update([Values] bool hasExpired)
    {
        var browsers = new Queue<Browser>();
        await using (var before = NewUnhashedNode())
        {
            for (var i = 0; i < WarmUps + Requests; i++)
            {
                var browser = await NewSessionAsync();
                Rows.Remove(browser.Key);
                await before.Cache.SetAsync(browser.Key, SessionBytes.Of(Guid.NewGuid(), ("a", "1")), Expires.Sliding(TimeSpan.FromMinutes(20)));
                browsers.Enqueue(browser);
            }
        }

        Time.Advance(TimeSpan.FromMinutes(hasExpired ? 21 : 1));
        await Cache.FlushAsync();
        for (var i = 0; i < WarmUps; i++)
            await ChangeAsync(browsers.Dequeue());

        Begin();
        await RepeatAsync(() => ChangeAsync(browsers.Dequeue()));

        AssertEachCost(roundTrips: 2, "SELECT", "UPDATE");
        Assert.That(Table.Keys().Count(static key => key[0] != 0xFF), Is.Zero);
    }

    [Test]
    public async Task Plain_values_cost_one_statement_each([Values] bool areUnhashed)
    {
        var keys = Enumerable.Range(0, Requests).Select(_ => Guid.NewGuid().ToString()).ToList();
        if (areUnhashed)
        {
            await using var before = NewUnhashedNode();
            await DoForEachAsync(keys, key => before.Cache.SetAsync(key, [1], Expires.ByDefault));
        }

        for (var i = 0; i < WarmUps; i++)
        {
            await Cache.SetAsync("warm", [1], Expires.ByDefault);
            await Cache.RemoveAsync("warm");
        }

        Begin();
        await DoForEachAsync(keys, key => Cache.SetAsync(key, [2], Expires.ByDefault));
        AssertEachCost(roundTrips: CommitsInOneText ? 1 : 2, isTransaction: true, "INSERT");
        Begin();
        await DoForEachAsync(keys, key => Cache.GetAsync(key));
        AssertEachCost(roundTrips: 1, "SELECT");
        Begin();
        await DoForEachAsync(keys, key => Cache.RemoveAsync(key));
        AssertEachCost(roundTrips: 1, "DELETE");
        Assert.That(keys.Select(key => Table.Find(key) ?? Rows.Find(key)), Has.All.Null);
    }

    protected override void Configure(SmartCacheOptions options) => options.StoreKeyHash = true;

    private static Task ChangeAsync(Browser browser) => browser.RunAsync(context => context.Session.SetString("b", "2"));

    private static async Task DoForEachAsync(IEnumerable<string> keys, Func<string, Task> what)
    {
        foreach (var key in keys)
            await what(key);
    }

    private Node NewUnhashedNode() => new(Engine, Table.Name, Time, CallStyle.Asynchronous);
}
