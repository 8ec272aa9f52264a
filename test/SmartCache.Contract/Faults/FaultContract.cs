using Microsoft.AspNetCore.Http;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Values;

namespace SmartCache.Contract.Faults;

/// <summary>
/// The connection breaks, before a store landed or after: the caller is told, and whoever commits again finds out
/// what had become of it. Nothing is lost, doubled, or undone.
/// </summary>
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
    public void A_plain_store_that_fails_is_the_callers_to_repeat([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        _connections.BreakNextWrite(moment);

        Assert.That(() => Cache.SetAsync("page", [1], Expires.ByDefault), Throws.TypeOf<InjectedFaultException>());
        Assert.That(() => Cache.SetAsync("page", [2], Expires.ByDefault), Throws.Nothing);
        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public void A_removal_that_fails_is_the_callers_to_repeat([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        Assert.That(() => Cache.SetAsync("page", [1], Expires.ByDefault), Throws.Nothing);
        _connections.BreakNextWrite(moment);

        Assert.That(() => Cache.RemoveAsync("page"), Throws.TypeOf<InjectedFaultException>());
        Assert.That(() => Cache.RemoveAsync("page"), Throws.Nothing);
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_first_store_of_a_session_that_fails_is_made_up_for([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        FailToCommit(request, moment);
        await request.SetAsync("b", "2");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2"));
    }

    [Test]
    public async Task A_change_of_a_session_that_fails_is_made_up_for([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("a", "2");
        await request.RemoveAsync("b");
        FailToCommit(request, moment);
        await request.SetAsync("c", "3");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2 c=3"));
    }

    [Test]
    public async Task A_store_repeated_as_it_was_is_made_up_for([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("a", "2");
        FailToCommit(request, moment);
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_store_that_fails_twice_is_made_up_for(
        [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment first,
        [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment second)
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("b", "2");
        FailToCommit(request, first);
        await request.SetAsync("c", "3");
        await request.RemoveAsync("b");
        FailToCommit(request, second);
        await request.SetAsync("d", "4");
        await request.EndAsync();

        Assert.That(Table.Row(Key).Entries.Split(' '), Is.EquivalentTo(new[] { "a=1", "c=3", "d=4" }));
    }

    [Test]
    public async Task An_entry_whose_store_may_have_landed_can_be_set_back([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("a", "2");
        FailToCommit(request, moment);
        await request.SetAsync("a", "1");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task What_others_merged_on_top_of_an_unacknowledged_store_is_kept(
        [Values] bool isNew, [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        if (!isNew)
        {
            await StoreAsync(("base", "0"));
        }

        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        FailToCommit(request, moment);
        await RequestAsync(other => other.SetAsync("theirs", "2"), NewNode());
        await request.SetAsync("b", "3");
        await request.EndAsync();

        var entries = Rows.SessionBytes.Entries(Table.Row(Key).Value).Where(entry => entry.Name != "base");
        Assert.That(entries, Is.EquivalentTo(new[] { ("a", "1"), ("theirs", "2"), ("b", "3") }));
    }

    [Test]
    public async Task A_logout_after_an_unacknowledged_store_stays_one([Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await StoreAsync(("user", "alice"));
        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        FailToCommit(request, moment);
        await NewNode().Cache.RemoveAsync(Key);
        await request.EndAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task A_session_that_could_not_be_loaded_is_not_overwritten()
    {
        await StoreAsync(("a", "1"));
        var before = Table.Row(Key);
        _connections.BreakNextRead();
        var request = Begin();
        Assert.That(() => request.SetAsync("b", "2"), Throws.Exception);
        await request.EndAsync();

        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task A_logout_that_fails_is_made_up_for([Values] bool changes, [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment)
    {
        await StoreAsync(("user", "alice"));
        var request = await LoadedAsync();
        request.Context.AbandonSession();
        await (changes ? request.SetAsync("a", "1") : Task.CompletedTask);
        FailToCommit(request, moment);
        await request.EndAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    private void FailToCommit(Requests.SimulatedRequest request, FaultMoment moment)
    {
        _connections.BreakNextWrite(moment);
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<InjectedFaultException>());
    }
}
