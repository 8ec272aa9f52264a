namespace SmartCache.Postgres.Tests.Isolation;

public sealed class SerializableEngine() : StrictEngine("serializable");
