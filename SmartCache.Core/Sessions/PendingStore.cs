namespace SmartCache.Sessions;

/// <summary>A write that failed without anybody knowing whether it had landed: its stamp in the row would say so.</summary>
/// <param name="Stamp">The stamp.</param>
/// <param name="Mine">What it was to store.</param>
/// <param name="Over">The stamp of the row that it was to be written over; 0 if there was none.</param>
/// <param name="Earlier">Another of the same request, not settled either.</param>
internal sealed record PendingStore(long Stamp, SessionPayload Mine, long Over, PendingStore? Earlier = null)
{
    /// <summary>Whether this one or an earlier one may still be written over a row of that stamp.</summary>
    public bool MayYetLandOver(long version) => Over == version || Earlier?.MayYetLandOver(version) == true;
}
