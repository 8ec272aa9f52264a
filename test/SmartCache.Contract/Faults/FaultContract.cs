namespace SmartCache.Contract.Faults;

/// <summary>A connection breaks before or after a write lands. The caller is told, and its next commit finds out what happened.</summary>
[SessionVariants(differ: true)]
public abstract class FaultContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private FaultySource _connections = null!;

    [SetUp]
    public async Task BreakConnections()
    {
        Use(connections => _connections = new FaultySource(connections));
        await Node.Cache.GetAsync("finds the table");
    }

    [Test]
    public void A_write_or_a_removal_of_a_value_that_fails_is_the_callers_to_repeat(
        [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        _connections.BreakNextWrite(moment);
        Assert.That(() => Cache.SetAsync("page", [1], Expires.ByDefault), Throws.TypeOf<InjectedFaultException>());
        Assert.That(() => Cache.SetAsync("page", [2], Expires.ByDefault), Throws.Nothing);
        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 2 }));

        _connections.BreakNextWrite(moment);
        Assert.That(() => Cache.RemoveAsync("page"), Throws.TypeOf<InjectedFaultException>());
        Assert.That(() => Cache.RemoveAsync("page"), Throws.Nothing);
        Assert.That(Table.Count(), Is.Zero);
    }

    [TestCase("mine: a=1 commit! b=2", "a=1 b=2", TestName = "A first write of a session that fails is made up for")]
    [TestCase("theirs: a=1 b=1; mine: a=2 -b commit! c=3", "a=2 c=3", TestName = "A change of a session that fails is made up for")]
    [TestCase("theirs: a=1; mine: a=2 commit!", "a=2", TestName = "A write repeated as it was is made up for")]
    [TestCase("theirs: a=1; mine: b=2 commit! c=3 -b commit! d=4", "a=1 c=3 d=4", TestName = "A write that fails twice is made up for")]
    [TestCase("theirs: a=1; mine: a=2 commit! a=1", "a=1", TestName = "An entry whose write may have landed can be set back")]
    [TestCase("mine: a=1 commit!; theirs: t=2; mine: b=3", "a=1 b=3 t=2", TestName = "What others merged on top of an unacknowledged first write is kept")]
    [TestCase("theirs: base=0; mine: a=1 commit!; theirs: t=2; mine: b=3", "a=1 b=3 base=0 t=2", TestName = "What others merged on top of an unacknowledged write is kept")]
    [TestCase("theirs: user=alice; mine: a=1 commit!; theirs: remove", null, TestName = "A logout after an unacknowledged write stays one")]
    public async Task Nothing_is_lost_doubled_or_undone(string script, string? after)
    {
        var moments = new[] { FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork };
        foreach (var (first, second) in from first in moments from second in moments select (first, second))
        {
            Table.Clear();
            var next = new Queue<FaultMoment>([first, second]);
            await PlayAsync(script, request => FailToCommitAsync(request, next.Dequeue()), others: NewNode());

            Assert.That(Table.Entries(Key)?.Split(' ').Order(), Is.EqualTo(after?.Split(' ')), $"{first}, {second}");
        }
    }

    [Test]
    public async Task A_session_that_could_not_be_loaded_is_not_overwritten()
    {
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        _connections.BreakNextRead();
        var request = Begin();
        Assert.That(() => request.SetAsync("b", "2"), Throws.Exception);
        await request.EndAsync();

        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task A_logout_that_fails_is_repeated([Values] bool changes, [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await SaveAsync(("user", "alice"));
        var request = await LoadedAsync();
        request.Context.AbandonSession();
        await (changes ? request.SetAsync("a", "1") : Task.CompletedTask);
        await FailToCommitAsync(request, moment);
        await request.EndAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    private Task FailToCommitAsync(SimulatedRequest request, FaultMoment moment)
    {
        _connections.BreakNextWrite(moment);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
        return Task.CompletedTask;
    }
}
