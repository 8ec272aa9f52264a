using SmartCache.Contract.Engines;

namespace SmartCache.Postgres.Tests.Isolation;

[SetUpFixture]
public sealed class SerializableSetUp : EngineSetUp<SerializableEngine>;
