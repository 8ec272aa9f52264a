namespace SmartCache.Contract.Counters;

/// <summary>An entry with the rule to add up ends at the sum of what was added, whoever counts at the same time, and whatever fails.</summary>
[SessionVariants(differ: true)]
public abstract class CounterContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private readonly ConcurrencyMode _mode = mode;

    [Test]
    public async Task Counts_of_many_at_once_add_up()
    {
        var times = (Style, _mode) == (CallStyle.Asynchronous, ConcurrencyMode.Optimistic) ? 1_000 : 50;
        await SaveAsync(("base", "0"));

        Assert.That(await Counting.CountUpAsync([Node, NewNode()], Key, times), Is.Zero);
        Assert.That(await Counting.ReadAsync(NewNode(), Key), Is.EqualTo(Counting.AtOnce * times));
    }

    [Test]
    public async Task Counts_add_up_though_nobody_knows_which_writes_have_landed()
    {
        UnreliableSource connections = null!;
        Use(source => connections = new UnreliableSource(source));
        await SaveAsync(("base", "0"));

        await Counting.CountInDoubtAsync([Node, NewNode()], Key, connections);
    }

    [Test]
    public async Task A_count_in_doubt_is_counted_once_though_others_counted_since(
        [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment, [Values(0, 1, 5)] int others, [Values] bool isNew)
    {
        FaultySource connections = null!;
        Use(source => connections = new FaultySource(source));
        await Node.Cache.GetAsync("finds the table");
        if (!isNew)
            await SaveAsync(("base", "0"));

        var request = await LoadedAsync();
        request.Session.SetInt32(Counting.Entry, 1);
        connections.BreakNextWrite(moment);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
        var other = NewNode();
        for (var i = 0; i < others; i++)
            await RequestAsync(async theirs => (await theirs.LoadAsync()).SetInt32(Counting.Entry, (theirs.Session.GetInt32(Counting.Entry) ?? 0) + 1), other);

        await request.CommitAsync();

        Assert.That(await Counting.ReadAsync(other, Key), Is.EqualTo(others + 1));
    }

    [Test]
    public async Task A_count_in_doubt_that_cannot_be_found_any_more_is_refused()
    {
        FaultySource connections = null!;
        Use(source => connections = new FaultySource(source));
        await SaveAsync(("base", "0"));
        var request = await LoadedAsync();
        request.Session.SetInt32(Counting.Entry, 1);
        await request.SetAsync("a", "1");
        connections.BreakNextWrite(FaultMoment.AfterTheWork);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
        var other = NewNode();
        for (var i = 0; i < 70; i++)
            await RequestAsync(theirs => theirs.SetAsync("b", $"{i}"), other);

        var before = Table.Row(Key);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<SessionMergeException>().With.Property("EntryName").EqualTo(Counting.Entry));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version), "nothing was written");
    }

    [Test]
    public async Task A_rule_that_fails_is_named_and_nothing_is_written()
    {
        await SaveAsync(("base", "0"));
        var request = await LoadedAsync();
        request.Session.SetInt32(Counting.Entry, 1);
        await request.SetAsync("a", "1");
        await RequestAsync(theirs => theirs.SetAsync(Counting.Entry, "no number"), NewNode());
        var before = Table.Row(Key);

        Assert.That(() => request.CommitAsync(), Throws.TypeOf<SessionMergeException>().With.Property("EntryName").EqualTo(Counting.Entry));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
        Assert.That(Table.Row(Key).Entries, Does.Not.Contain("a="));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        base.Configure(options);
        options.Merge.Entry(Counting.Entry).Add();
    }
}
