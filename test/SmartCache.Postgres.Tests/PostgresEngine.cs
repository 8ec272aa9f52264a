namespace SmartCache.Postgres.Tests;

/// <summary>PostgreSQL, in the release that the environment variable <c>DATABASE</c> names; the newest when it is not set.</summary>
public sealed class PostgresEngine() : ServerEngine(EngineFamily.FromEnvironment("postgres", "postgres-15"))
{
    public override long? CountWaiting(RawTable table) =>
        table.Ask($"SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{table.Name}%'");
}

[SetUpFixture]
public sealed class PostgresSetUp : EngineSetUp<PostgresEngine>;
