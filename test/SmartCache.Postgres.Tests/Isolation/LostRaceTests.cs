namespace SmartCache.Postgres.Tests.Isolation;

/// <summary>A stricter database answers a lost race with an error, which is no fault: nothing is to be tried again.</summary>
public sealed class LostRaceTests : EngineContract<RepeatableReadEngine>
{
    [Test]
    public async Task A_lost_race_is_merged_at_once_without_a_retry([Values] CallStyle style)
    {
        var node = Owned(new Node(Engine, Table.Name, Time, style, options => options.Resilience = static _ => { }));
        var first = new SimulatedRequest(node, "session");
        await first.SetAsync("a", "1");
        await first.EndAsync();
        var slow = new SimulatedRequest(node, "session");
        await slow.SetAsync("b", "2");

        await using var other = Engine.OpenConnection();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = other.CreateCommand();
        command.CommandText = $"UPDATE {Engine.Quote(Table.Name)} SET version = version + 1 WHERE cache_key = 'session'::bytea";
        await command.ExecuteNonQueryAsync();
        var store = Task.Run(slow.EndAsync);
        Assert.That(
            () => Table.Ask($"SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{Table.Name}%'"),
            Is.EqualTo(1).After(30).Seconds.PollEvery(10).MilliSeconds,
            "the store waits for the other writer");
        await transaction.CommitAsync();
        await store;

        Assert.That(Table.Entries("session"), Is.EqualTo("a=1 b=2"));
    }
}
