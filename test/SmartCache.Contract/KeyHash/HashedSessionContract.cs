namespace SmartCache.Contract.KeyHash;

/// <summary>Sessions under a hash of their key. The next save gives an older row, still under its plain key, the hash. Nobody is logged out.</summary>
[SessionVariants(differ: true)]
public abstract class HashedSessionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Contenders = 6;
    private PausingSource _connections = null!;

    private RawTable Hashed => Table.UnderHashes;

    [SetUp]
    public void CountWrites() => Use(Intercept);

    [Test]
    public async Task A_new_session_stands_under_the_hash_of_its_key()
    {
        await SaveAsync(("a", "1"));
        await SaveAsync(("b", "2"));

        Assert.That(Hashed.Entries(Key), Is.EqualTo("a=1 b=2"));
        Assert.That(Table.Find(Key), Is.Null);
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_unhashed_session_is_found_and_not_changed_by_a_read()
    {
        await SaveUnhashedAsync();
        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.EqualTo("ann")));

        Assert.That((Table.Entries(Key), Table.Count()), Is.EqualTo(("user=ann", 1)));
    }

    [Test]
    public async Task The_next_save_gives_an_unhashed_session_its_hash_and_keeps_its_life()
    {
        await SaveUnhashedAsync();
        var before = Table.Row(Key);
        Time.Advance(TimeSpan.FromMinutes(5));
        await SaveAsync(("cart", "3"));

        Assert.That((Table.Find(Key), Table.Count()), Is.EqualTo(((RawRow?)null, 1)));
        var row = Hashed.Row(Key);
        Assert.That((row.Entries, row.SessionId, row.CreatedAt), Is.EqualTo(("user=ann cart=3", before.SessionId, before.CreatedAt)));
        Assert.That(row.Version, Is.Not.EqualTo(before.Version));
        Assert.That((row.ExpiresAt, row.UpdatedAt), Is.EqualTo((Time.Milliseconds + 1_200_000, Time.Milliseconds)));
    }

    [Test]
    public async Task A_save_that_changes_nothing_gives_an_unhashed_session_its_hash_too([Values] bool force, [Values] bool hasAnotherWindow)
    {
        await SaveUnhashedAsync();
        var created = Table.Row(Key).CreatedAt;
        var request = new SimulatedRequest(Node, Key, hasAnotherWindow ? TimeSpan.FromMinutes(7) : null);
        await request.SetAsync("user", "ann");
        if (force)
            request.Context.ForceSessionSave();

        await request.EndAsync();

        Assert.That((Hashed.Entries(Key), Hashed.Row(Key).CreatedAt, Table.Count()), Is.EqualTo(("user=ann", created, 1)));
        Assert.That(Hashed.Row(Key).SlidingMs, Is.EqualTo(hasAnotherWindow ? 420_000 : 1_200_000));
    }

    [Test]
    public async Task A_request_that_keeps_the_expiry_keeps_it_when_the_row_gets_its_hash()
    {
        await SaveUnhashedAsync();
        var expires = Table.Row(Key).ExpiresAt;
        Time.Advance(TimeSpan.FromMinutes(5));
        await RequestAsync(async request =>
        {
            await request.SetAsync("cart", "3");
            request.Context.SkipSessionRefresh();
        });

        Assert.That((Hashed.Entries(Key), Hashed.Row(Key).ExpiresAt, Table.Count()), Is.EqualTo(("user=ann cart=3", expires, 1)));
    }

    [TestCase("mine: load; yours: load; mine: a=1; yours: b=2", "user=ann a=1 b=2", TestName = "Requests that had loaded it before lose nothing of each other")]
    [TestCase("mine: load; theirs: b=2; mine: a=1", "user=ann b=2 a=1", TestName = "What comes between is merged while it still stands under its key")]
    [TestCase("mine: load; clock: 20; mine: cart=3", "user=ann cart=3", TestName = "One that expires while its request runs is revived")]
    public async Task An_unhashed_session_is_merged_and_gets_the_hash(string script, string after)
    {
        await SaveUnhashedAsync();
        await PlayAsync(script, others: UnhashedNode());

        Assert.That((Hashed.Entries(Key), Table.Count()), Is.EqualTo((after, 1)));
    }

    [Test]
    public async Task Requests_that_really_run_at_once_lose_nothing_of_each_other()
    {
        var nodes = new[] { Node, NewNode() };
        var before = UnhashedNode();
        for (var round = 0; round < 5; round++)
        {
            var key = SimulatedRequest.NewKey();
            await SimulatedRequest.SaveAsync(before, key, "base");
            await TogetherAsync(Contenders, number => SimulatedRequest.SaveAsync(nodes[number % 2], key, $"{number}"));

            var names = SessionBytes.Entries(Hashed.Row(key).Value).Select(entry => entry.Name);
            Assert.That(names.Order(), Is.EqualTo(new[] { "0", "1", "2", "3", "4", "5", "base" }));
            Assert.That(Table.Count(), Is.EqualTo(round + 1));
        }
    }

    [Test]
    public async Task A_logout_that_waits_for_a_save_that_hashes_the_key_removes_the_row()
    {
        await SaveUnhashedAsync();
        await Cache.GetAsync("finds the table");
        await MeetAsync(() => Cache.RemoveAsync(Key));

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_touch_that_waits_for_a_save_that_hashes_the_key_counts()
    {
        Use(Intercept, static options => options.RefreshMode = RefreshMode.Immediate);
        await SaveUnhashedAsync();
        await Cache.GetAsync("finds the table");
        Time.Advance(TimeSpan.FromMinutes(5));
        await MeetAsync(() => Cache.RefreshAsync(Key));

        Assert.That(Hashed.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    [Test]
    public async Task A_deferred_touch_that_meets_a_save_that_hashes_the_key_is_written_later()
    {
        await SaveUnhashedAsync();
        await Cache.GetAsync("finds the table");
        Time.Advance(TimeSpan.FromMinutes(5));
        await Cache.RefreshAsync(Key);
        await MeetAsync(() => Node.Inner.FlushAsync());
        await Node.Inner.FlushAsync();

        Assert.That(Hashed.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    [Test]
    public async Task A_save_that_waits_for_a_save_that_hashes_the_key_keeps_its_changes()
    {
        await SaveUnhashedAsync();
        var request = await LoadedAsync();
        await request.SetAsync("cart", "3");
        await MeetAsync(request.EndAsync);

        Assert.That((Hashed.Entries(Key), Table.Count()), Is.EqualTo(("user=ann cart=3", 1)));
    }

    [Test]
    public async Task A_logout_removes_the_row_under_the_hash_or_the_plain_key([Values] bool isHashed, [Values] bool abandons)
    {
        await SaveUnhashedAsync();
        if (isHashed)
            await SaveAsync(("cart", "3"));

        var slow = await LoadedAsync();
        await (abandons ? RequestAsync(AbandonAsync) : Cache.RemoveAsync(Key));
        await slow.SetAsync("late", "1");
        await slow.EndAsync();

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task An_expired_unhashed_session_is_replaced_whole_whether_it_was_swept_or_not([Values] bool isSwept)
    {
        await SaveUnhashedAsync();
        var before = Table.Row(Key);
        Time.Advance(TimeSpan.FromMinutes(30));
        var request = await LoadedAsync();
        await (isSwept ? Node.Inner.RemoveExpiredAsync() : Task.CompletedTask);
        Assert.That(Table.Count(), Is.EqualTo(isSwept ? 0 : 1));
        await request.SetAsync("cart", "3");
        await request.EndAsync();

        var row = Hashed.Row(Key);
        Assert.That((row.Entries, row.CreatedAt, Table.Count()), Is.EqualTo(("cart=3", Time.Milliseconds, 1)));
        Assert.That(row.SessionId, Is.Not.EqualTo(before.SessionId));
    }

    [Test]
    public async Task A_save_in_doubt_is_repeated([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await SaveUnhashedAsync();
        FaultySource connections = null!;
        Use(source => connections = new FaultySource(source));
        await PlayAsync("mine: a=1 commit! b=2", request =>
        {
            connections.BreakNextWrite(moment);
            Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
            return Task.CompletedTask;
        });

        Assert.That((Hashed.Entries(Key), Table.Count()), Is.EqualTo(("user=ann a=1 b=2", 1)));
    }

    /// <summary>As if the option was not switched on on one node.</summary>
    [Test]
    public async Task The_row_under_the_hash_comes_before_one_under_the_plain_key()
    {
        await SaveAsync(("a", "1"));
        await SaveUnhashedAsync();
        await RequestAsync(async request =>
        {
            Assert.That(await request.GetAsync("user"), Is.Null);
            await request.SetAsync("b", "2");
        });

        Assert.That((Hashed.Entries(Key), Table.Entries(Key)), Is.EqualTo(("a=1 b=2", "user=ann")));
        await Cache.RemoveAsync(Key);
        Assert.That(Table.Count(), Is.Zero, "a logout removes both");
    }

    [Test]
    public async Task A_row_that_gets_the_hash_first_keeps_it()
    {
        await SaveUnhashedAsync();
        var slow = await LoadedAsync();
        await slow.SetAsync("late", "1");
        var elsewhere = SimulatedRequest.NewKey();
        Table.GiveKey(Key, Encoding.UTF8.GetBytes(elsewhere));
        await SaveAsync(("user", "bob"));
        Table.GiveKey(elsewhere, Encoding.UTF8.GetBytes(Key));
        await slow.EndAsync();

        Assert.That((Hashed.Entries(Key), Table.Entries(Key)), Is.EqualTo(("user=bob", "user=ann")), "the session that was loaded is gone");
    }

    [Test]
    public async Task If_hashing_is_switched_off_sessions_under_a_hash_end()
    {
        await SaveAsync(("a", "1"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.Null), UnhashedNode());
        await SaveUnhashedAsync();

        Assert.That((Table.Entries(Key), Table.Count()), Is.EqualTo(("user=ann", 2)));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.StoreKeyHash = true;
    }

    /// <summary>Begins something while another node gives the row its hash. On SQLite, which does not say who waits, a write that has begun waits.</summary>
    private async Task MeetAsync(Func<Task> what)
    {
        using var row = new LockedRow(Engine, Table, Encoding.UTF8.GetBytes(Key));
        var writes = _connections.Writes;
        var meeting = Task.Run(what);
        Assert.That(
            () => meeting.IsCompleted || (Engine.CountWaiting(Table) ?? _connections.Writes - writes) > 0,
            Is.True.After(10).Seconds.PollEvery(10).MilliSeconds);
        row.MoveTo(RawTable.Hash(Key));
        await meeting.WaitAsync(Patience.Limit);
    }

    private PausingSource Intercept(CacheConnections connections) => _connections = new PausingSource(connections);

    private Task SaveUnhashedAsync() => RequestAsync(request => request.SetAsync("user", "ann"), UnhashedNode());

    private Node UnhashedNode() => NewNode(static options => options.StoreKeyHash = false);
}
