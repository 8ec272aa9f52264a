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
        {
            connection.Run(statement);
        }
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
