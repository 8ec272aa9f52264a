namespace SmartCache.Postgres.Tests.Isolation;

public sealed class RepeatableReadEngine() : StrictEngine("repeatable read");
