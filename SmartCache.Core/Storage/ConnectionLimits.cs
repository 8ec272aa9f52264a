namespace SmartCache.Storage;

/// <summary>How many connections a source may hold open at a time.</summary>
/// <param name="Max">So many; who comes when all are busy waits.</param>
/// <param name="Wait">So long, before a <see cref="TimeoutException"/>.</param>
public readonly record struct ConnectionLimits(int Max, TimeSpan Wait);
