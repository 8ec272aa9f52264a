namespace SmartCache.Postgres.Tests.Isolation;

/// <summary>A stricter database answers a lost race with an error, which is no fault: nothing is to be tried again.</summary>
public sealed class LostRaceTests : EngineContract<RepeatableReadEngine>
{
    [Test]
    public async Task A_lost_race_is_merged_at_once_without_a_retry([Values] CallStyle style)
    {
        var node = Owned(new Node(Engine, Table.Name, Time, style, options => options.Resilience = static _ => { }));
        await SimulatedRequest.SaveAsync(node, "session", "a", "1");
        var slow = new SimulatedRequest(node, "session");
        await slow.SetAsync("b", "2");

        await using var other = Engine.OpenConnection();
        await using var transaction = await other.BeginTransactionAsync();
        transaction.Run($"UPDATE {Engine.Quote(Table.Name)} SET version = version + 1 WHERE cache_key = 'session'::bytea");
        var store = Task.Run(slow.EndAsync);
        Assert.That(() => Engine.CountWaiting(Table), Is.EqualTo(1).After(30).Seconds.PollEvery(10).MilliSeconds, "the save waits for the other writer");
        await transaction.CommitAsync();
        await store;

        Assert.That(Table.Entries("session"), Is.EqualTo("a=1 b=2"));
    }
}
