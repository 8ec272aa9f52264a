namespace SmartCache.MySql.Tests;

/// <summary>What became of an insert is told rightly whether the driver has the server count found rows or changed ones.</summary>
[TestFixtureSource(nameof(Fixtures))]
public sealed class AffectedRowTests(CallStyle style, bool countsChanged, bool isOwnSource) : EngineContract<MySqlEngine>
{
    private DbDataSource _source = null!;
    private FaultySource _connections = null!;

    private static IEnumerable<TestFixtureData> Fixtures =>
        from style in Enum.GetValues<CallStyle>()
        from countsChanged in new[] { false, true }
        from isOwnSource in new[] { false, true }
        select new TestFixtureData(style, countsChanged, isOwnSource);

    private string ConnectionString => $"{Engine.ConnectionString};UseAffectedRows={countsChanged}";

    [SetUp]
    public void CreateSource() => _source = Engine.Driver.CreateDataSource(ConnectionString);

    [TearDown]
    public ValueTask DisposeSource() => _source.DisposeAsync();

    [Test]
    public async Task The_server_really_counts_so()
    {
        await using var node = NewNode();
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        await using var connection = await _source.OpenConnectionAsync();
        var changed = connection.Run($"UPDATE {Engine.Quote(Table.Name)} SET version = version WHERE cache_key = 'page'");
        Assert.That(changed, Is.EqualTo(countsChanged ? 0 : 1));
    }

    [Test]
    public async Task A_session_begun_twice_at_once_is_merged([Values] ConcurrencyMode mode)
    {
        await using var node = NewNode(mode);
        var slow = await LoadedAsync(node);
        await SaveAsync(node, "a");
        await SaveAsync(slow, "b");

        Assert.That(Table.Entries("session"), Is.EqualTo("a= b="));
    }

    [Test]
    public async Task An_expired_row_is_replaced_whole_and_by_one_request_only([Values] ConcurrencyMode mode)
    {
        await using var node = NewNode(mode);
        await SaveAsync(node, "old");
        var id = Table.Row("session").SessionId;
        Time.Advance(TimeSpan.FromHours(1));
        var slow = await LoadedAsync(node);
        await SaveAsync(node, "a");
        var newId = Table.Row("session").SessionId;
        await SaveAsync(slow, "b");

        Assert.That(Table.Entries("session"), Is.EqualTo("a= b="));
        Assert.That(newId, Is.Not.EqualTo(id));
        Assert.That(Table.Row("session").SessionId, Is.EqualTo(newId));
    }

    [Test]
    public async Task An_insert_that_landed_unacknowledged_is_known_again([Values] ConcurrencyMode mode, [Values] bool isExpired)
    {
        await using var node = NewNode(mode);
        if (isExpired)
        {
            await SaveAsync(node, "old");
            Time.Advance(TimeSpan.FromHours(1));
        }

        var request = await LoadedAsync(node);
        await request.SetAsync("a", "");
        _connections.BreakNextWrite(FaultMoment.AfterTheWork);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
        await request.RemoveAsync("a");
        await SaveAsync(request, "b");

        Assert.That(Table.Entries("session"), Is.EqualTo("b="));
    }

    [Test]
    public async Task A_write_that_changes_only_the_expiry_is_done_when_another_has_set_the_same([Values] ConcurrencyMode mode)
    {
        await using var node = NewNode(mode);
        await SaveAsync(node, "a");
        var (first, second) = (await LoadedAsync(node, 40), await LoadedAsync(node, 40));
        await SaveAsync(first, "a");
        await SaveAsync(second, "a");

        Assert.That((Table.Row("session").SlidingMs, Table.Row("session").ExpiresAt), Is.EqualTo((2_400_000, Time.Milliseconds + 2_400_000)));
    }

    private Node NewNode(ConcurrencyMode mode = ConcurrencyMode.Optimistic) => new(
        Engine,
        Table.Name,
        Time,
        style,
        options =>
        {
            options.Concurrency = mode;
            (options.ConnectionString, options.DataSource) = isOwnSource ? (null, _source) : (ConnectionString, (DbDataSource?)null);
        },
        intercept: Intercept);

    private FaultySource Intercept(CacheConnections connections) => _connections = new FaultySource(connections);

    private static async Task<SimulatedRequest> LoadedAsync(Node node, int minutes = 20)
    {
        var request = new SimulatedRequest(node, "session", TimeSpan.FromMinutes(minutes));
        await request.LoadAsync();
        return request;
    }

    private static async Task SaveAsync(Node node, string name) => await SaveAsync(await LoadedAsync(node), name);

    private static async Task SaveAsync(SimulatedRequest request, string name)
    {
        await request.SetAsync(name, "");
        await request.EndAsync();
    }
}
