namespace SmartCache.Sessions;

/// <summary>A store that failed without anybody knowing whether it had landed: its stamp in the row would say so.</summary>
internal sealed record PendingStore(long Stamp, SessionPayload Mine);
