using SmartCache.Payloads;
using SmartCache.Rows;

namespace SmartCache.Sessions;

/// <summary>What a request knows about one session: what it loaded, and the newest that it has seen of the row.</summary>
internal sealed record SessionSnapshot
{
    /// <summary>The session object that loaded the base; null if it was read outside the session middleware.</summary>
    public object? Owner { get; init; }

    /// <summary>The base of the next save, and the in-doubt writes of earlier ones.</summary>
    public required SaveBasis Basis { get; init; }

    /// <summary>The row's version when the base was loaded or saved.</summary>
    public long BaseVersion { get; init; }

    /// <summary>The newest that this request has seen of the row.</summary>
    public required Row Theirs { get; init; }

    /// <summary>Whether the session was removed, or a save based on it discarded: later saves are discarded too.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Whether the session middleware that owns it has ended: the next one to end owns another session.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The touch that is held until the request's end: its moment, and what the queue knows it by. Null if there is none.</summary>
    public (long At, int Hold)? Held { get; init; }

    /// <summary>The same after a removal by the request itself. A session that it had loaded cannot come back.</summary>
    public SessionSnapshot Removed() => IsMiss ? this with { Theirs = Row.Absent } : this with { IsRemoved = true, Held = null };

    /// <summary>Whether the request found no session and has saved none.</summary>
    public bool IsMiss => Basis.Base is null;
}

/// <summary>A write whose outcome is not known. Its version in the row would tell that it has landed.</summary>
/// <param name="Version">The version that it gives the row.</param>
/// <param name="Over">The version of the row that it was meant to overwrite; 0 if there was no row.</param>
/// <param name="Mine">What it was to save.</param>
internal sealed record InDoubtWrite(long Version, long Over, SessionPayload Mine);

/// <summary>What a save knows about the session that it changes.</summary>
/// <param name="Base">What its request loaded or last saved; null if there was no live session.</param>
/// <param name="Incarnation">The row's session as last seen, whose id tells which incarnation the base belongs to.</param>
/// <param name="InDoubt">The request's in-doubt writes, the oldest first.</param>
internal sealed record SaveBasis(SessionPayload? Base, SessionPayload? Incarnation, InDoubtWrite[] InDoubt)
{
    /// <summary>Takes in what a row that was just read says about the in-doubt writes. Those that can no longer land are forgotten.</summary>
    /// <param name="isSaved">Whether an earlier try of this very save has landed.</param>
    /// <exception cref="SessionMergeException">The row does not tell, and a merge rule must not be applied twice.</exception>
    public SaveBasis After(Row row, SessionPayload mine, SessionMergeRules rules, out bool isSaved)
    {
        isSaved = false;
        if (InDoubt.Length == 0)
            return this;

        var open = new List<InDoubtWrite>();
        foreach (var write in Enumerable.Reverse(InDoubt))
        {
            var fate = row.FateOf(write.Version, write.Over, rules.MustApplyOnce);
            if (fate == WriteFate.Landed)
            {
                isSaved = ReferenceEquals(write.Mine, mine);
                return isSaved ? this : new SaveBasis(write.Mine, row.Session, []);
            }

            if (fate == WriteFate.Unknown && SessionDifference.Between(Base, write.Mine).FindAppliedOnce(rules) is { } entry)
                throw SessionMergeException.OutcomeUnknown(entry);

            if (fate != WriteFate.NotLanded)
                open.Insert(0, write);
        }

        return this with { InDoubt = [.. open] };
    }

    /// <summary>Whether an in-doubt write may still overwrite a row of that version.</summary>
    public bool MayYetLandOver(long version) => Array.Exists(InDoubt, write => write.Over == version);

    /// <summary>The row's session without what in-doubt writes may have left in it: an entry that the request has restored since then counts as changed.</summary>
    public SessionPayload WithoutInDoubt(SessionPayload session, long version, SessionPayload mine)
    {
        foreach (var write in Enumerable.Reverse(InDoubt).Where(write => write.Over != version && !write.Mine.Bytes.SequenceEqual(mine.Bytes)))
        {
            session = SessionMerge.Undo(session, write.Mine, Base);
        }

        return session;
    }
}
