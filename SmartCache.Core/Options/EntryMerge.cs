namespace SmartCache;

/// <summary>Decides the value of an entry that two requests have changed at the same time.</summary>
/// <param name="loaded">Its value when the request loaded the session; null if there was none.</param>
/// <param name="mine">The value that the request saves; null if it removed the entry.</param>
/// <param name="theirs">The value that another request has saved meanwhile; null if it removed the entry.</param>
/// <returns>The value to save; null for no entry.</returns>
public delegate byte[]? EntryMerge(byte[]? loaded, byte[]? mine, byte[]? theirs);
