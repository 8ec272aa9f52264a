using SmartCache.Contract.Engines;

namespace SmartCache.Sqlite.Tests;

[SetUpFixture]
public sealed class SqliteSetUp : EngineSetUp<SqliteEngine>;
