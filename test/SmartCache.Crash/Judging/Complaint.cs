namespace SmartCache.Crash.Judging;

/// <summary>One thing that is wrong.</summary>
internal sealed record Complaint(ComplaintKind Kind, string Session, string Entry, string Found);
