namespace SmartCache.Crash.Judging;

/// <summary>What a run's journals and rows come to.</summary>
/// <param name="Acknowledged">Stores that the app was told had happened.</param>
/// <param name="Refused">Stores that it was told had failed.</param>
/// <param name="Open">Stores whose process was killed before it was told anything.</param>
/// <param name="LogOuts">Acknowledged stores that were logouts.</param>
/// <param name="Unloaded">Requests that could not load their session, and so tried no store.</param>
/// <param name="Reasons">Why stores and loads were refused, with how often.</param>
/// <param name="Complaints">Everything that is wrong.</param>
internal sealed record Verdict(
    long Acknowledged,
    long Refused,
    long Open,
    long LogOuts,
    long Unloaded,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<Complaint> Complaints)
{
    public IEnumerable<Complaint> Of(ComplaintKind kind) => Complaints.Where(complaint => complaint.Kind == kind);
}
