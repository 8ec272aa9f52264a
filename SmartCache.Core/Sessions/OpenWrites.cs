using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>A request's writes of which it is not known whether they landed, or yet will; the one under way is the last of them.</summary>
internal sealed class OpenWrites(PendingStore? newest, SessionMergeRules rules)
{
    /// <summary>The stamp of the row that the write under way is to be written over; null if none is.</summary>
    private long? _over;

    /// <summary>What the write under way, or the next one, is told by.</summary>
    public long Stamp { get; set; } = Stamps.New();

    /// <summary>The last of those before, which knows the ones before it; null if there are none.</summary>
    public PendingStore? Newest { get; private set; } = newest;

    public bool IsEmpty => Newest is null;

    /// <summary>One is on its way from now on, to be written over a row of that stamp.</summary>
    public void Send(long over) => _over = over;

    /// <summary>None is on its way, or it wrote nothing for certain.</summary>
    public void Withdraw() => _over = null;

    /// <summary>
    /// Nobody knows whether the one on its way landed. What comes now is another write and has a stamp of its own: under the
    /// same one the row could come to hold two things, and who has read the one would write over the other.
    /// </summary>
    /// <param name="mine">What it was to store.</param>
    public void SetAside(SessionPayload mine)
    {
        if (_over is { } over)
        {
            Newest = new PendingStore(Stamp, mine, over, Newest);
            (_over, Stamp) = (null, Stamps.New());
        }
    }

    /// <summary>The one on its way, if one is, is to be written over a row of that stamp: it is part of a write that several share.</summary>
    public void Redirect(long over) => _over = _over is null ? null : over;

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
