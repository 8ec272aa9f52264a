using System.Security.Cryptography;
using SmartCache.Payloads;

namespace SmartCache.Sessions;

/// <summary>
/// The three-way merge: applies what one request did to the session (mine against base) to what the row contains now (theirs).
/// Entries that the request did not touch keep their value in theirs. A removal in mine beats a change in theirs; a change in mine
/// brings back an entry removed in theirs. If both changed an entry, mine (the later save) wins, unless the entry has a merge rule.
/// The row's session id and the order of theirs are kept, and new entries are appended.
/// </summary>
internal static class SessionMerge
{
    /// <param name="theirs">The newest payload of the row.</param>
    /// <param name="difference">What the request did.</param>
    /// <param name="conflicts">Receives the names of the entries that both sides had changed and no rule decided.</param>
    /// <param name="rules">The merge rules; null if none apply.</param>
    /// <returns>A new payload, or mine or theirs itself if nothing needs merging.</returns>
    public static SessionPayload Apply(SessionPayload theirs, SessionDifference difference, List<string> conflicts, SessionMergeRules? rules = null) =>
        rules is not { IsEmpty: false } && theirs.Bytes.SequenceEqual(difference.Mine.Bytes) ? theirs
        : difference.KeepsOrder && theirs.Bytes.SequenceEqual(difference.Base!.Bytes) ? difference.Mine
        : new MergedPayload(theirs, difference, rules, conflicts).Build();

    /// <summary>
    /// Theirs as it would be without an in-doubt write: where it contains what that write would have left, it gets back what its request
    /// had loaded.
    /// </summary>
    /// <param name="theirs">The newest payload of the row.</param>
    /// <param name="sent">What the write was to leave.</param>
    /// <param name="loaded">What its request had loaded; null if there was no live session.</param>
    public static SessionPayload Undo(SessionPayload theirs, SessionPayload sent, SessionPayload? loaded)
    {
        var empty = SessionPayload.Empty(theirs.Id);
        var before = loaded is null ? empty : Apply(empty, SessionDifference.Between(null, loaded), []);
        return Apply(before, SessionDifference.Between(sent, theirs), []);
    }

    /// <summary>The entries that the request added or changed, as a session of their own with a new id.</summary>
    public static SessionPayload NewIncarnation(SessionDifference difference) =>
        Apply(SessionPayload.Empty(RandomNumberGenerator.GetBytes(SessionPayload.IdLength)), difference, []);
}
