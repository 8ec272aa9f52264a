namespace SmartCache.Sessions;

/// <summary>A store that failed without anybody knowing whether it had landed: its stamp in the row would say so.</summary>
/// <param name="Stamp">The stamp.</param>
/// <param name="Mine">What it was to store.</param>
/// <param name="Over">The stamp of the row that it was to be written over; 0 if there was none.</param>
internal sealed record PendingStore(long Stamp, SessionPayload Mine, long Over);
