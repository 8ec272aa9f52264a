namespace SmartCache;

/// <summary>Decides what an entry becomes that two requests have changed at the same time.</summary>
/// <param name="loaded">Its value when the request loaded the session; null if there was none.</param>
/// <param name="mine">The value the request wants to store; null if it removed the entry.</param>
/// <param name="theirs">The value another request has stored meanwhile; null if it removed the entry.</param>
/// <returns>The value to store; null for no entry.</returns>
public delegate byte[]? EntryMerge(byte[]? loaded, byte[]? mine, byte[]? theirs);
