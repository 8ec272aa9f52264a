namespace SmartCache.Postgres.Tests;

/// <summary>PostgreSQL, in the release that the environment variable <c>DATABASE</c> names; the newest when it is not set.</summary>
public sealed class PostgresEngine() : ServerEngine(EngineFamily.FromEnvironment("postgres", "postgres-15"));

[SetUpFixture]
public sealed class PostgresSetUp : EngineSetUp<PostgresEngine>;
