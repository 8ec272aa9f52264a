namespace SmartCache.Storage;

/// <summary>All a provider contributes at run time: how its engine is spoken to, and over which connections.</summary>
/// <param name="Dialect">The engine's SQL.</param>
/// <param name="Connections">Where connections come from; disposed with the cache.</param>
public sealed record StorageEngine(SqlDialect Dialect, ConnectionSource Connections);
