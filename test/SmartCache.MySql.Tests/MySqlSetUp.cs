using SmartCache.Contract.Engines;

namespace SmartCache.MySql.Tests;

[SetUpFixture]
public sealed class MySqlSetUp : EngineSetUp<MySqlEngine>;
