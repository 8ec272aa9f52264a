using SmartCache.Expiration;
using SmartCache.Storage;

namespace SmartCache.Sessions;

/// <summary>
/// One store of a session, from the decision to the snapshot it leaves. The difference between what the request
/// loaded (base) and what it wants to store (mine) is applied to what the row holds (theirs), and the result may be
/// written only over exactly that row. Lost that race, the same difference is applied to the row read anew. Removal
/// wins: where the session that was loaded is gone, or another one lives under its key, nothing is written.
/// </summary>
internal sealed class SessionCommit(CommitRequest request, SmartCacheOptions options, TouchQueue touches) : IMerge
{
    private readonly OpenWrites _open = new(request.Snapshot.Pending, options.Merge);
    private SessionPayload? _base = request.Snapshot.Base;
    private SessionPayload? _incarnation = request.Snapshot.Incarnation;
    private SessionDifference _difference = SessionDifference.Between(request.Snapshot.Base, request.Mine);
    private RowView _written = request.Snapshot.Theirs;
    private SessionPayload? _newIncarnation;

    /// <summary>What its write is told by.</summary>
    public long Stamp => _open.Stamp;

    /// <summary>The moment of the store, in UTC Unix milliseconds.</summary>
    public long Now => request.Now;

    public CommitOutcome Outcome { get; private set; }

    /// <summary>Names of the entries that another request had changed too; ours, the later store, won.</summary>
    public List<string> Conflicts { get; } = [];

    /// <summary>Whether another request's entries were merged in.</summary>
    public bool IsMerged { get; private set; }

    /// <summary>Whether the store gave the row its expiry, so that accesses up to now are history.</summary>
    public bool HasWrittenExpiry { get; private set; }

    /// <summary>The access that found the session alive.</summary>
    public long FirstAccess => request.Snapshot.Held?.Access ?? request.Now;

    /// <summary>The row's lifetime after the store, as its columns say.</summary>
    public Lifetime LifetimeAfter => _written.Stored;

    /// <summary>The row as this store, or the last of those it shared its write with, left it or found it.</summary>
    public RowView Written => _written;

    /// <summary>Whether the row must be locked and read before anything is decided.</summary>
    public bool MustReadFirst => IsOpen || (options.Concurrency == ConcurrencyMode.Pessimistic && !ChangesNothing);

    /// <summary>Whether an earlier store of the request may have landed or not.</summary>
    public bool IsOpen => !_open.IsEmpty;

    /// <summary>Whether the request had found a session, or is known by now to have stored one.</summary>
    public bool HasBase => _base is not null;

    public bool ChangesNothing => _difference.IsEmpty && !request.Force && (HasBase || request.SkipEmpty);

    /// <summary>An entry it changes whose merge rule must not be applied twice.</summary>
    public string? OnceOnly => options.Merge.FindOnce(_difference);

    /// <summary>Decides on the strength of what the request has seen of the row.</summary>
    public MergeStep Decide() => DecideOn(request.Snapshot.Theirs);

    /// <summary>Decides on the row just read.</summary>
    public MergeStep Decide(CacheRow? row)
    {
        var theirs = RowView.Of(row, request.Key, touches.Waiting(request.Key));
        _open.SetAside(request.Mine);
        if (_open.FindLanded(theirs, _base) is not { } landed)
        {
            return DecideOn(theirs);
        }

        if (ReferenceEquals(landed.Mine, request.Mine))
        {
            // An earlier try had landed; only its answer was lost. It is looked for again if this answer is lost too.
            return Settle(CommitOutcome.Stored, theirs);
        }

        _open.Clear();
        (_base, _incarnation) = (landed.Mine, theirs.Session);
        _difference = SessionDifference.Between(_base, request.Mine);
        return DecideOn(theirs);
    }

    /// <summary>Decides as part of a write that several share.</summary>
    /// <param name="theirs">The row as the one before leaves it.</param>
    /// <param name="stamp">The stamp of their write.</param>
    /// <param name="over">The stamp of the row that it is to be written over.</param>
    public MergeStep DecideOn(RowView theirs, long stamp, long over)
    {
        _open.SetAside(request.Mine);
        _open.Stamp = stamp;
        var step = DecideOn(theirs);
        _open.Redirect(over);
        return step;
    }

    public void Refused() => _open.Withdraw();

    /// <summary>The write that it shared has landed and left the row like this.</summary>
    public void Landed(RowView row) => _written = row;

    /// <summary>What the request knows after the store: mine is its new base, what was written the new theirs.</summary>
    public SessionSnapshot SnapshotAfter(SessionSnapshot current) => Outcome switch
    {
        CommitOutcome.Discarded => current with { IsRemoved = true, Pending = null },
        CommitOutcome.Stored => current with
        {
            Base = request.Mine,
            Incarnation = _written.Session,
            BaseVersion = _written.Version,
            Theirs = _written,
            Pending = null,
        },
        _ => current with { Base = _base, Incarnation = _incarnation, Theirs = _written, Pending = null },
    };

    /// <summary>What the request knows after the store failed, perhaps after it had landed.</summary>
    public SessionSnapshot SnapshotAfterFailure(SessionSnapshot current)
    {
        _open.SetAside(request.Mine);
        return current with { Base = _base, Incarnation = _incarnation, Pending = _open.Newest };
    }

    private MergeStep DecideOn(RowView theirs)
    {
        theirs.ThrowIfUnreadableAt(request.Now);
        Conflicts.Clear();
        _open.Withdraw();
        IsMerged = HasWrittenExpiry = false;
        return _base is null ? Begin(theirs) : Continue(theirs);
    }

    /// <summary>The request found no live session: it begins one, or joins the one another request has begun.</summary>
    private MergeStep Begin(RowView theirs)
    {
        var isLive = theirs.IsLiveAt(request.Now);
        if (isLive && theirs.Kind == RowKind.Session && !(ChangesNothing && _open.IsEmpty))
        {
            return WriteMerged(theirs, _difference, _open.TakenBack(theirs, request.Mine, _base));
        }

        return ChangesNothing ? Settle(CommitOutcome.Unchanged, theirs)
            : Write(isLive ? MergeAction.Replace : MergeAction.Insert, request.Mine, theirs);
    }

    private MergeStep Continue(RowView theirs)
    {
        // A damaged row can no longer say whose it is; what this request loaded from it is the best there is.
        if (theirs.Kind == RowKind.Damaged)
        {
            return Write(MergeAction.Update, request.Mine, theirs);
        }

        if (!IsSameIncarnation(theirs))
        {
            return options.RemovedDuringRequest == RemovedSessionPolicy.Recreate && _difference.Changed.Count > 0
                ? Recreate(theirs)
                : Settle(CommitOutcome.Discarded, theirs);
        }

        if (request.KeepExpiry && !theirs.IsLiveAt(request.Now))
        {
            // The session has expired, and this request is not to keep it alive: what it changed could never be read.
            return Settle(CommitOutcome.Discarded, theirs);
        }

        return ChangesNothing && _open.IsEmpty && !MustSecure(theirs)
            ? WriteExpiry(theirs, CommitOutcome.Unchanged)
            : WriteMerged(theirs, _difference, _open.TakenBack(theirs, request.Mine, _base));
    }

    private MergeStep Recreate(RowView theirs)
    {
        if (theirs.Kind == RowKind.Session && theirs.IsLiveAt(request.Now))
        {
            return WriteMerged(theirs, _difference.WithoutRemovals(), theirs.Session!);
        }

        _newIncarnation ??= SessionMerge.NewIncarnation(_difference);
        return Write(theirs.IsLiveAt(request.Now) ? MergeAction.Replace : MergeAction.Insert, _newIncarnation, theirs);
    }

    private MergeStep WriteMerged(RowView theirs, SessionDifference difference, SessionPayload over)
    {
        var merged = SessionMerge.Apply(over, difference, Conflicts, options.Merge);
        IsMerged = theirs.Version != request.Snapshot.BaseVersion;

        // A write that may yet land must find another stamp, also where there is nothing else to write.
        var isFree = !_open.MayYetLandOver(theirs.Version);
        return merged.Bytes.SequenceEqual(theirs.Session!.Bytes) && !request.Force && isFree && !MustSecure(theirs)
            ? WriteExpiry(theirs, CommitOutcome.Stored)
            : Write(MergeAction.Update, merged, theirs);
    }

    private MergeStep Write(MergeAction action, SessionPayload payload, RowView theirs)
    {
        var (format, bytes) = SessionEncoding.Encode(payload, options.PayloadFormat);
        ThrowIfTooLarge(request.Mine.Array);
        ThrowIfTooLarge(bytes);
        HasWrittenExpiry = !request.KeepExpiry || action != MergeAction.Update;
        var lifetime = HasWrittenExpiry ? request.Lifetime : theirs.Stored;
        var recent = options.Merge.MustApplyOnce && action != MergeAction.Insert ? theirs.Recent.With(theirs.Version, Stamp) : default;
        Settle(CommitOutcome.Stored, new RowView(RowKind.Session, payload, Stamp, lifetime, lifetime, recent));
        _open.Send(theirs.Version);
        action = HasWrittenExpiry ? action : MergeAction.UpdateValue;
        return new MergeStep(action, new RowWrite(bytes, format, Stamp, lifetime, recent), theirs.Version, theirs.IsUnderPlainKey);
    }

    /// <summary>The value stays; the expiry is written only where it would follow another rule than the row's.</summary>
    private MergeStep WriteExpiry(RowView theirs, CommitOutcome outcome)
    {
        var sameRule = theirs.Stored.HasRuleOf(request.Lifetime);
        if (request.KeepExpiry || (sameRule && (outcome == CommitOutcome.Unchanged || theirs.IsLiveAt(request.Now))))
        {
            return Settle(outcome, theirs);
        }

        HasWrittenExpiry = true;
        Settle(outcome, theirs with { Stored = request.Lifetime, Effective = request.Lifetime, IsUnderPlainKey = false });
        var write = new RowWrite([], RowFormat.Session, theirs.Version, request.Lifetime);
        return new MergeStep(MergeAction.UpdateExpiry, write, theirs.Version, theirs.IsUnderPlainKey);
    }

    private MergeStep Settle(CommitOutcome outcome, RowView row)
    {
        (Outcome, _written) = (outcome, row);
        return new MergeStep(MergeAction.None);
    }

    /// <summary>A live row is written though nothing changes, if only so that it does not stand there in the clear any more.</summary>
    private bool MustSecure(RowView theirs) => theirs.IsExposed && theirs.IsLiveAt(request.Now);

    private bool IsSameIncarnation(RowView theirs) =>
        theirs.Session is { } session && session.Id.SequenceEqual(_incarnation!.Id);

    private void ThrowIfTooLarge(byte[] bytes) => CacheValueTooLargeException.ThrowIfLarger(bytes, options.MaxValueSize, request.Key);
}
