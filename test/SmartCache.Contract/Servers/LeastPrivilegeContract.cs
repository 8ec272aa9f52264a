namespace SmartCache.Contract.Servers;

/// <summary>The app's account needs no more than the documented rights on a table that is there, and is told what it lacks.</summary>
public abstract class LeastPrivilegeContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : ServerEngine, new()
{
    private const string Four = "SELECT, INSERT, UPDATE, DELETE";

    private static int _accounts;

    private readonly CallStyle _style = style;
    private string _account = null!;

    // One of its own for each test: a driver's pool may still be logged in with the last one.
    [SetUp]
    public void CreateAccount() => Engine.Alter(Engine.CreateAccount(_account = $"least{Interlocked.Increment(ref _accounts)}"));

    [TearDown]
    public void DropAccount() => Engine.Alter(Engine.DropAccount(_account));

    [Test]
    public async Task Four_rights_on_the_table_are_enough([Values] ConcurrencyMode mode, [Values] bool isSecured)
    {
        Grant(Four, Table);
        var node = NewNode(options =>
        {
            AsLeast(options);
            options.Concurrency = mode;
            (options.StoreKeyHash, options.ProtectPayload, options.CreateTableIfNotExists) = (isSecured, isSecured, !isSecured);
            options.Merge.Entry("count").Add();
            options.ExpiredRemovalInterval = TimeSpan.FromMinutes(5);
        });
        var rows = isSecured ? Table.UnderHashes : Table;
        await node.Cache.SetAsync("page", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await SaveBesideAnotherAsync(node);
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await node.Inner.FlushAsync();

        Assert.That(rows.Row("page").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000), "the touch is written");
        var request = new SimulatedRequest(node, "session");
        Assert.That((await request.GetAsync("a"), await request.GetAsync("b")), Is.EqualTo(("1", "2")));
        await node.Cache.RemoveAsync("page");
        Assert.That(rows.Find("page"), Is.Null);
        Time.Advance(TimeSpan.FromHours(1));
        await node.Inner.RemoveExpiredAsync();
        Assert.That(Table.CountWithoutSweepRow(), Is.Zero);
        EventuallyRemovesInTheBackground(node);
    }

    [Test]
    public async Task An_account_that_may_not_create_the_table_says_so_and_works_once_it_is_there()
    {
        var own = NewTable();
        await using var node = new Node(Engine, own.Name, Time, _style, AsLeast);
        Assert.That(() => node.Cache.GetAsync("page"), Throws.InstanceOf<DbException>().With.Message.Match(Engine.Denial));
        await using (var owner = new Node(Engine, own.Name, Time, _style))
        {
            await owner.Cache.GetAsync("creates the table");
        }

        Grant(Four, own);
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);

        Assert.That(own.Row("page").Value, Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void An_account_without_any_right_is_told_by_the_database([Values] bool mayCreate)
    {
        var node = NewNode(options =>
        {
            AsLeast(options);
            options.CreateTableIfNotExists = mayCreate;
        });

        Assert.That(() => node.Cache.GetAsync("page"), Throws.InstanceOf<DbException>().With.Message.Match(Engine.Denial));
    }

    [Test]
    public async Task An_account_that_may_only_read_reads_and_is_told_by_the_database_when_it_writes()
    {
        await Cache.SetAsync("page", [1], Expires.ByDefault);
        Grant("SELECT", Table);
        var node = NewNode(AsLeast);

        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(() => node.Cache.SetAsync("page", [2], Expires.ByDefault), Throws.InstanceOf<DbException>().With.Message.Match(Engine.Denial));
        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 1 }));
    }

    private void EventuallyRemovesInTheBackground(Node node) => Assert.That(
        () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return node.Logs.At(LogLevel.Debug);
        },
        Has.Some.StartsWith("Removed").After(60).Seconds.PollEvery(1).MilliSeconds);

    private void Grant(string rights, RawTable table) => table.Run($"GRANT {rights} ON {{0}} TO {Engine.Account(_account)}");

    private void AsLeast(SmartCacheOptions options) => options.ConnectionString += Engine.ConnectAs(_account);

    private static async Task SaveBesideAnotherAsync(Node node)
    {
        var slow = new SimulatedRequest(node, "session");
        await slow.LoadAsync();
        await SimulatedRequest.SaveAsync(node, "session", "a", "1");
        await slow.SetAsync("b", "2");
        await slow.EndAsync();
    }
}
