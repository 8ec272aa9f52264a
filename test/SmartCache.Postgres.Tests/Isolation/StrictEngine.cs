namespace SmartCache.Postgres.Tests.Isolation;

/// <summary>The same server, with a database whose transactions are stricter unless they say otherwise.</summary>
public abstract class StrictEngine(string isolation) : TestEngine(EngineFamily.Of("postgres"))
{
    private readonly string _database = isolation.Replace(' ', '_');

    public override string Name => $"PostgreSQL, {isolation}";
    public override string ConnectionString => $"{Server.ConnectionString};Database={_database}";
    private static PostgresEngine Server => Running.Of<PostgresEngine>();

    public override Task<StatementAccount> OpenAccountAsync() => throw new NotSupportedException("Statements are counted in the main database.");

    public override long? CountWaiting(RawTable table) => Server.CountWaiting(table);

    public override Task StartAsync()
    {
        Run(
            $"DROP DATABASE IF EXISTS {_database}",
            $"CREATE DATABASE {_database}",
            $"ALTER DATABASE {_database} SET default_transaction_isolation TO '{isolation}'");
        return Task.CompletedTask;
    }

    public override Task StopAsync()
    {
        Family.ClearPools();
        Run($"DROP DATABASE {_database} WITH (FORCE)");
        return Task.CompletedTask;
    }

    private static void Run(params string[] statements)
    {
        using var connection = Server.OpenConnection();
        foreach (var statement in statements)
            connection.Run(statement);
    }
}

public sealed class RepeatableReadEngine() : StrictEngine("repeatable read");

public sealed class SerializableEngine() : StrictEngine("serializable");

[SetUpFixture]
public sealed class RepeatableReadSetUp : EngineSetUp<RepeatableReadEngine>;

[SetUpFixture]
public sealed class SerializableSetUp : EngineSetUp<SerializableEngine>;

public sealed class SessionRaceOnRepeatableRead : SessionRaceContract<RepeatableReadEngine>;

public sealed class SessionRaceOnSerializable : SessionRaceContract<SerializableEngine>;

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
