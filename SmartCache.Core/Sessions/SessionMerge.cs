using System.Security.Cryptography;

namespace SmartCache.Sessions;

/// <summary>
/// The three-way merge: applies what one request did to the session (mine against base) to what the row holds now
/// (theirs). Entries the request did not touch keep their value in theirs; a removal of ours beats a change of theirs;
/// a change of ours brings back an entry they removed; where both changed an entry, ours, the later store, wins, unless
/// the entry has a rule of its own.
/// The row's session id and the order of theirs are kept and new entries appended.
/// </summary>
internal static class SessionMerge
{
    /// <param name="theirs">The newest payload of the row; null if there is none to merge with.</param>
    /// <param name="difference">What the request did.</param>
    /// <param name="conflicts">Receives the names of the entries that both sides had changed, and that no rule decided.</param>
    /// <param name="rules">The rules of entries that have one; null if none has.</param>
    /// <returns>A payload of its own; mine itself where nobody has changed anything, or there is nothing to merge with.</returns>
    public static SessionPayload Apply(SessionPayload? theirs, SessionDifference difference, List<string> conflicts, SessionMergeRules? rules = null)
    {
        if (theirs is null)
        {
            return difference.Mine;
        }

        return rules is not { IsEmpty: false } && theirs.Bytes.SequenceEqual(difference.Mine.Bytes) ? theirs
            : difference.KeepsOrder && theirs.Bytes.SequenceEqual(difference.Base!.Bytes) ? difference.Mine
            : new MergedPayload(theirs, difference, rules, conflicts).Build();
    }

    /// <summary>The entries the request added or changed, as a session of its own with a new id.</summary>
    public static SessionPayload NewIncarnation(SessionDifference difference) =>
        Apply(SessionPayload.Empty(RandomNumberGenerator.GetBytes(SessionPayload.IdLength)), difference, []);
}
