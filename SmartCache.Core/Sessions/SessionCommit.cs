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
    private SessionPayload? _base = request.Snapshot.Base;
    private SessionPayload? _incarnation = request.Snapshot.Incarnation;
    private PendingStore? _pending = request.Snapshot.Pending;
    private SessionDifference _difference = SessionDifference.Between(request.Snapshot.Base, request.Mine);
    private RowView _written = request.Snapshot.Theirs;
    private SessionPayload? _newIncarnation;

    /// <summary>The stamp of the row that a write was to be written over of which it is not known whether it landed.</summary>
    private long? _over;

    /// <summary>What its write is told by.</summary>
    public long Stamp { get; private set; } = Random.Shared.NextInt64(1, long.MaxValue);

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
    public bool IsOpen => _pending is not null;

    public bool ChangesNothing => _difference.IsEmpty && !request.Force;

    /// <summary>An entry it changes whose merge rule must not be applied twice.</summary>
    public string? OnceOnly => options.Merge.FindOnce(_difference);

    /// <summary>Decides on the strength of what the request has seen of the row.</summary>
    public MergeStep Decide() => DecideOn(request.Snapshot.Theirs);

    /// <summary>Decides on the row just read.</summary>
    public MergeStep Decide(CacheRow? row)
    {
        var theirs = RowView.Of(row, request.Key, touches.Waiting(request.Key));
        if (_over is { } over && HasLanded(theirs, Stamp, over, _difference))
        {
            // An earlier try had landed; only its answer was lost.
            return Settle(CommitOutcome.Stored, theirs);
        }

        if (_pending is { } pending && HasLanded(theirs, pending.Stamp, pending.Over, SessionDifference.Between(_base, pending.Mine)))
        {
            (_base, _incarnation) = (pending.Mine, theirs.Session);
            _difference = SessionDifference.Between(_base, request.Mine);
        }

        _pending = null;
        return DecideOn(theirs);
    }

    /// <summary>Decides on a row that is what it looks like, or that the write is to find as it looks.</summary>
    public MergeStep DecideOn(RowView theirs)
    {
        theirs.ThrowIfUnreadableAt(request.Now);
        Conflicts.Clear();
        _over = null;
        IsMerged = HasWrittenExpiry = false;
        return _base is null ? Begin(theirs) : Continue(theirs);
    }

    public void Refused() => _over = null;

    /// <summary>From now on the store is part of a write that several share.</summary>
    public void Join(long stamp) => Stamp = stamp;

    /// <summary>The write that it shared has landed and left the row like this.</summary>
    public void Landed(RowView row) => _written = row;

    /// <summary>What the request knows after the store: mine is its new base, what was written the new theirs.</summary>
    public SessionSnapshot SnapshotAfter(SessionSnapshot current) => Outcome switch
    {
        CommitOutcome.Discarded => current with { IsRemoved = true, Pending = null, Held = null },
        CommitOutcome.Stored => current with
        {
            Base = request.Mine,
            Incarnation = _written.Session,
            BaseVersion = _written.Version,
            Theirs = _written,
            Pending = null,
            Held = null,
        },
        _ => current with { Base = _base, Incarnation = _incarnation, Theirs = _written, Pending = null, Held = null },
    };

    /// <summary>What the request knows after the store failed, perhaps after it had landed.</summary>
    public SessionSnapshot SnapshotAfterFailure(SessionSnapshot current) => current with
    {
        Base = _base,
        Incarnation = _incarnation,
        Pending = _pending ?? (_over is { } over ? new PendingStore(Stamp, request.Mine, over) : null),
    };

    /// <summary>The request found no live session: it begins one, or joins the one another request has begun.</summary>
    private MergeStep Begin(RowView theirs)
    {
        if (ChangesNothing)
        {
            return Settle(CommitOutcome.Unchanged, theirs);
        }

        if (!theirs.IsLiveAt(request.Now))
        {
            return Write(MergeAction.Insert, request.Mine, theirs);
        }

        return theirs.Kind == RowKind.Session
            ? WriteMerged(theirs, _difference)
            : Write(MergeAction.Replace, request.Mine, theirs);
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

        return ChangesNothing && !MustSecure(theirs) ? WriteExpiry(theirs, CommitOutcome.Unchanged) : WriteMerged(theirs, _difference);
    }

    private MergeStep Recreate(RowView theirs)
    {
        if (theirs.Kind == RowKind.Session && theirs.IsLiveAt(request.Now))
        {
            return WriteMerged(theirs, _difference.WithoutRemovals());
        }

        _newIncarnation ??= SessionMerge.NewIncarnation(_difference);
        return Write(theirs.IsLiveAt(request.Now) ? MergeAction.Replace : MergeAction.Insert, _newIncarnation, theirs);
    }

    private MergeStep WriteMerged(RowView theirs, SessionDifference difference)
    {
        var merged = SessionMerge.Apply(theirs.Session, difference, Conflicts, options.Merge);
        IsMerged = theirs.Version != request.Snapshot.BaseVersion;
        return merged.Bytes.SequenceEqual(theirs.Session!.Bytes) && !request.Force && !MustSecure(theirs)
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
        _over = theirs.Version;
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

    /// <exception cref="SessionMergeException">It cannot be told any more, and an entry would not stand being changed twice.</exception>
    private bool HasLanded(RowView theirs, long stamp, long over, SessionDifference sent) => theirs.FateOf(stamp, over) switch
    {
        WriteFate.Landed => true,
        WriteFate.Unknown when options.Merge.FindOnce(sent) is { } entry => throw SessionMergeException.OutcomeUnknown(entry),
        _ => false,
    };

    private bool IsSameIncarnation(RowView theirs) =>
        theirs.Session is { } session && session.Id.SequenceEqual(_incarnation!.Id);

    private void ThrowIfTooLarge(byte[] bytes) => CacheValueTooLargeException.ThrowIfLarger(bytes, options.MaxValueSize, request.Key);
}
