namespace SmartCache.Contract.Protection;

/// <summary>Counters are exact in encrypted rows under a hash, also if the answer of the save that first secures the row is lost.</summary>
[NewestRelease]
public abstract class ProtectedCounterContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Times = 12;
    private const int ProtectedSession = 17;

    [Test]
    public async Task Counts_add_up_from_a_row_in_the_clear_on()
    {
        await SaveInTheClearAsync();

        var refused = await Counting.CountUpAsync([Node, NewNode()], Key, Times);

        Assert.That((refused, await Counting.ReadAsync(NewNode(), Key)), Is.EqualTo((0, Counting.AtOnce * Times)));
        Assert.That((Table.Count(), Table.UnderHashes.Row(Key).Format), Is.EqualTo((1, ProtectedSession)));
        Assert.That(Table.Ask("SELECT COUNT(*) FROM {0} WHERE recent_versions IS NOT NULL"), Is.EqualTo(1));
    }

    [Test]
    public async Task Counts_add_up_though_nobody_knows_which_writes_have_landed()
    {
        UnreliableSource connections = null!;
        Use(source => connections = new UnreliableSource(source));
        await SaveInTheClearAsync();

        await Counting.CountInDoubtAsync([Node, NewNode()], Key, connections);
    }

    [Test]
    public async Task The_count_that_secures_the_row_is_counted_once_though_its_answer_is_lost(
        [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment, [Values(0, 1)] int others)
    {
        FaultySource connections = null!;
        Use(source => connections = new FaultySource(source));
        await SaveInTheClearAsync();
        var request = await LoadedAsync();
        request.Session.SetInt32(Counting.Entry, 1);
        connections.BreakNextWrite(moment);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
        if (others > 0)
            Assert.That(await Counting.CountUpAsync([NewNode()], Key, others), Is.Zero);

        await request.CommitAsync();

        Assert.That(await Counting.ReadAsync(NewNode(), Key), Is.EqualTo((Counting.AtOnce * others) + 1));
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        (options.StoreKeyHash, options.ProtectPayload) = (true, true);
        options.Merge.Entry(Counting.Entry).Add();
    }

    private Task SaveInTheClearAsync() => RequestAsync(
        request => request.SetAsync("base", "0"), NewNode(static options => (options.StoreKeyHash, options.ProtectPayload) = (false, false)));
}
