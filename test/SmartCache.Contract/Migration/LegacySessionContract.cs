namespace SmartCache.Contract.Migration;

/// <summary>Nobody is logged out by switching, and a logout holds.</summary>
public abstract class LegacySessionContract<TEngine, TPeer>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    private static readonly Guid Id = Guid.NewGuid();

    private LegacyRows _legacy = null!;

    [OneTimeSetUp]
    public void CreateLegacyTable()
    {
        _legacy = new LegacyRows(Engine, new TPeer(), $"{Table.Name}_legacy");
        _legacy.Create();
    }

    [OneTimeTearDown]
    public void DropLegacyTable() => _legacy.Drop();

    [SetUp]
    public void PutSession()
    {
        _legacy.Clear();
        _legacy.Put(Key, SessionBytes.Of(Id, ("user", "ann"), ("cart", "3")), Time.GetUtcNow().AddMinutes(5), SimulatedRequest.IdleTimeout);
    }

    [Test]
    public async Task The_first_request_that_looks_at_a_session_migrates_it()
    {
        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.EqualTo("ann")));

        var row = Table.Row(Key);
        Assert.That((row.Entries, row.SessionId, row.Format), Is.EqualTo(("user=ann cart=3", Id, 1L)));
        Assert.That(row.SlidingMs, Is.EqualTo((long)SimulatedRequest.IdleTimeout.TotalMilliseconds));
        Assert.That(_legacy.Count(), Is.Zero);
    }

    [Test]
    public async Task A_migrated_session_gets_its_owner_from_the_request_that_migrates_it([Values] bool changes)
    {
        Use(options => options.Owner = static _ => "ann");
        await RequestAsync(async request => await (changes ? request.SetAsync("cart", "4") : request.LoadAsync()));

        Assert.That(Table.Owner(Key), Is.EqualTo("ann"));
        Assert.That(_legacy.Count(), Is.Zero);
    }

    [Test]
    public async Task What_a_request_changes_in_it_is_saved()
    {
        await SaveAsync(("cart", "4"), ("page", "7"));

        Assert.That((Table.Entries(Key), _legacy.Count()), Is.EqualTo(("user=ann cart=4 page=7", 0)));
        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + (long)SimulatedRequest.IdleTimeout.TotalMilliseconds));
    }

    [Test]
    public async Task Requests_that_both_migrated_it_lose_nothing_of_each_other()
    {
        var two = await LoadedAsync(NewNode());
        await PlayAsync("mine: a=1");
        await two.SetAsync("b", "2");
        await two.EndAsync();

        Assert.That((Table.Entries(Key), _legacy.Count()), Is.EqualTo(("user=ann cart=3 a=1 b=2", 0)));
    }

    [Test]
    public async Task A_session_that_requests_never_look_at_is_kept_alive()
    {
        for (var minute = 0; minute < 60; minute += 4)
        {
            await RequestAsync(static _ => Task.CompletedTask);
            await Node.Inner.FlushAsync();
            Time.Advance(TimeSpan.FromMinutes(4));
        }

        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.EqualTo("ann")));
    }

    [Test]
    public async Task A_logout_holds_whether_it_looked_at_the_session_or_not([Values] bool looks)
    {
        await PlayAsync(looks ? "theirs: load abandon" : "theirs: abandon");

        Assert.That((Table.Count(), _legacy.Count()), Is.EqualTo((0, 0)));
        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.Null));
    }

    [Test]
    public async Task A_slow_request_does_not_bring_back_what_a_logout_removed()
    {
        await PlayAsync("mine: load; theirs: abandon; mine: cart=4");

        Assert.That((Table.Count(), _legacy.Count()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_session_begun_after_a_logout_or_an_expiry_has_nothing_of_the_legacy_one([Values] bool isLogout)
    {
        await PlayAsync(isLogout ? "theirs: remove; theirs: user=bob" : "clock: 5; theirs: user=bob");
        Assert.That(Table.Entries(Key), Is.EqualTo("user=bob"));
        Assert.That(Table.Row(Key).SessionId, Is.Not.EqualTo(Id));

        await Cache.RemoveAsync(Key);
        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.Null));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.LegacyTable = _legacy.Description;
    }
}
