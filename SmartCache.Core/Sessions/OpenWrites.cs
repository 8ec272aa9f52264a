namespace SmartCache.Sessions;

/// <summary>The writes of a request of which nobody knows whether they landed.</summary>
/// <param name="rules">The rules of entries that have one.</param>
/// <param name="last">The last of them; null if there is none.</param>
internal sealed class OpenWrites(SessionMergeRules rules, PendingStore? last)
{
    public PendingStore? Last { get; private set; } = last;

    public bool IsEmpty => Last is null;

    public void Add(long stamp, SessionPayload mine, long over) => Last = new PendingStore(stamp, mine, over, Last);

    public void Clear() => Last = null;

    /// <summary>Whether one of them may still be written over a row of that stamp.</summary>
    public bool MayYetLandOver(long version) => Last?.MayYetLandOver(version) == true;

    /// <summary>The one that the row shows to have landed; null if none does. Those that never will are forgotten.</summary>
    /// <param name="theirs">The row just read.</param>
    /// <param name="loaded">What the request had loaded; null if there was no live session.</param>
    /// <exception cref="SessionMergeException">It cannot be told any more, and an entry would not stand being changed twice.</exception>
    public PendingStore? FindLanded(RowView theirs, SessionPayload? loaded)
    {
        PendingStore? open = null;
        for (var write = Last; write is not null; write = write.Earlier)
        {
            var fate = theirs.FateOf(write.Stamp, write.Over, rules.MustApplyOnce);
            if (fate == WriteFate.Landed)
            {
                return write;
            }

            if (fate == WriteFate.Unknown && rules.FindOnce(SessionDifference.Between(loaded, write.Mine)) is { } entry)
            {
                throw SessionMergeException.OutcomeUnknown(entry);
            }

            open = fate == WriteFate.NotLanded ? open : write with { Earlier = open };
        }

        Last = open;
        return null;
    }

    /// <summary>
    /// The row's session to merge with. What the request had tried to change and has taken back since counts as changed where
    /// the row holds it: it may have come from that try.
    /// </summary>
    /// <param name="theirs">The row.</param>
    /// <param name="mine">What the request wants to store now.</param>
    /// <param name="loaded">What it had loaded; null if there was no live session.</param>
    public SessionPayload Undo(RowView theirs, SessionPayload mine, SessionPayload? loaded)
    {
        var session = theirs.Session!;
        for (var write = Last; write is not null; write = write.Earlier)
        {
            var mayHaveLanded = write.Over != theirs.Version && !write.Mine.Bytes.SequenceEqual(mine.Bytes);
            session = mayHaveLanded ? SessionMerge.Undo(session, write.Mine, loaded) : session;
        }

        return session;
    }
}
