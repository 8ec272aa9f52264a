using SmartCache.Contract.Engines;

namespace SmartCache.Postgres.Tests;

[SetUpFixture]
public sealed class PostgresSetUp : EngineSetUp<PostgresEngine>;
