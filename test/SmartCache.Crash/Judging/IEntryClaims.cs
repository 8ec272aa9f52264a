using SmartCache.CrashNode.Journals;

namespace SmartCache.Crash.Judging;

/// <summary>What was tried with one entry.</summary>
internal interface IEntryClaims
{
    /// <summary>A store that may happen or not, until more is known of it.</summary>
    void Try(Claim claim);

    /// <summary>A store that did happen.</summary>
    void Acknowledge(Claim claim);

    /// <summary>What is wrong with an entry as it was found; null if nothing.</summary>
    ComplaintKind? Compare(string? found);
}
