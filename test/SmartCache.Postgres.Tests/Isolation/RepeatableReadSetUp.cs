using SmartCache.Contract.Engines;

namespace SmartCache.Postgres.Tests.Isolation;

[SetUpFixture]
public sealed class RepeatableReadSetUp : EngineSetUp<RepeatableReadEngine>;
