namespace SmartCache.Simulation.Requests;

/// <summary>What a store is to make of an entry.</summary>
/// <param name="Value">Its value; null if it is to be removed.</param>
/// <param name="Since">Since when, in the order of events, the request has tried to, and has not been told that it succeeded.</param>
/// <param name="TakesBack">Where this is what the request had loaded, what it tried to make of the entry before.</param>
internal sealed record Attempt(string? Value, long Since, IReadOnlyList<string?>? TakesBack);
