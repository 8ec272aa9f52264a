namespace SmartCache.Sessions;

/// <summary>A request's writes of which it is not known whether they landed, or yet will.</summary>
internal sealed class OpenWrites(PendingStore? newest, SessionMergeRules rules)
{
    /// <summary>The last of them, which knows those before; null if there are none.</summary>
    public PendingStore? Newest { get; private set; } = newest;

    public bool IsEmpty => Newest is null;

    public void Add(long stamp, SessionPayload mine, long over) => Newest = new PendingStore(stamp, mine, over, Newest);

    public void Clear() => Newest = null;

    /// <summary>Whether one of them may still be written over a row of that stamp.</summary>
    public bool MayYetLandOver(long version) => Newest?.MayYetLandOver(version) == true;

    /// <summary>The one that the row shows to have landed; null if none does. Those that never will are forgotten.</summary>
    /// <param name="theirs">The row just read.</param>
    /// <param name="loaded">What the request had loaded; null if there was no live session.</param>
    /// <exception cref="SessionMergeException">It cannot be told any more, and an entry would not stand being changed twice.</exception>
    public PendingStore? FindLanded(RowView theirs, SessionPayload? loaded)
    {
        PendingStore? open = null;
        for (var write = Newest; write is not null; write = write.Earlier)
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

        Newest = open;
        return null;
    }

    /// <summary>
    /// What the row holds, without what may have come from one of them: what the request had tried to change and has
    /// taken back since then counts as changed.
    /// </summary>
    /// <param name="theirs">The row.</param>
    /// <param name="mine">What the request wants to store now.</param>
    /// <param name="loaded">What it had loaded; null if there was no live session.</param>
    public SessionPayload TakenBack(RowView theirs, SessionPayload mine, SessionPayload? loaded)
    {
        var session = theirs.Session!;
        for (var write = Newest; write is not null; write = write.Earlier)
        {
            var mayHaveLanded = write.Over != theirs.Version && !write.Mine.Bytes.SequenceEqual(mine.Bytes);
            session = mayHaveLanded ? SessionMerge.Undo(session, write.Mine, loaded) : session;
        }

        return session;
    }
}
