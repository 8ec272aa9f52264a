using SmartCache.Payloads;
using SmartCache.Rows;

namespace SmartCache.Sessions;

/// <summary>What a save is asked to do.</summary>
/// <param name="Force">Write even if nothing changed.</param>
/// <param name="KeepExpiry">Leave a row's expiry as it is.</param>
/// <param name="SkipEmpty">Write nothing if there is no session and <paramref name="Mine"/> has no entries.</param>
/// <param name="Now">The moment of the save, in UTC Unix milliseconds.</param>
internal sealed record SaveRequest(
    CacheKey Key, SessionPayload Mine, Lifetime Lifetime, SessionSnapshot Snapshot, bool Force, bool KeepExpiry, bool SkipEmpty, long Now)
{
    /// <summary>Whose session it is, as far as the request knows.</summary>
    public string? Owner { get; init; }

    /// <summary>When the request first found the session live.</summary>
    public long FirstTouch => Snapshot.Held?.At ?? Now;
}

/// <summary>What became of a save.</summary>
internal enum SaveOutcome
{
    /// <summary>The request changed nothing; the row's value was not written.</summary>
    Unchanged,

    /// <summary>The row contains what the request changed.</summary>
    Saved,

    /// <summary>The session was removed meanwhile; nothing was written.</summary>
    Discarded,
}

/// <summary>What a save makes of a row.</summary>
/// <param name="After">The row as the write leaves it, or as it was found.</param>
/// <param name="Write">What to write; null if nothing needs writing.</param>
internal sealed record SaveDecision(SaveOutcome Outcome, Row After, RowWrite? Write = null)
{
    /// <summary>Whether the save gives the row its expiry, so that touches up to now mean nothing more.</summary>
    public bool WritesExpiry { get; init; } = Write?.Lifetime is not null;

    /// <summary>The names of the entries that another request had changed too; mine, the later save, won.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    /// <summary>Whether another request's entries were merged in.</summary>
    public bool IsMerged { get; init; }
}

/// <summary>
/// Decides what a save makes of a row: a pure function of what the request loaded (base), what it saves (mine) and what the row contains
/// (theirs). Removal wins: if the session that was loaded is gone, or another incarnation has its key, nothing is written.
/// </summary>
/// <param name="request">The save.</param>
internal readonly struct SaveDecider(SaveRequest request, SaveBasis basis, SessionDifference difference, SmartCacheOptions options)
{
    /// <summary>Whether nothing needs writing because the request did nothing.</summary>
    public bool ChangesNothing => difference.IsEmpty && !request.Force && (basis.Base is not null || request.SkipEmpty);

    /// <param name="theirs">The row, as earlier saves that share the write leave it.</param>
    /// <param name="over">The version of the row in the database, which the write may overwrite.</param>
    /// <param name="version">The version to give the row.</param>
    public SaveDecision Decide(Row theirs, long over, long version)
    {
        theirs.ThrowIfUnreadableAt(request.Now);
        return basis.Base is null ? Begin(theirs, over, version) : Continue(theirs, over, version);
    }

    /// <summary>The request found no live session: it begins one, or joins the one that another request has begun.</summary>
    private SaveDecision Begin(Row theirs, long over, long version)
    {
        var isLive = theirs.IsLiveAt(request.Now);
        return isLive && theirs.Kind == RowKind.Session && !(ChangesNothing && basis.InDoubt.Length == 0) ? Merge(theirs, over, version)
            : ChangesNothing ? new SaveDecision(SaveOutcome.Unchanged, theirs)
            : Write(request.Mine, theirs, over, version, beginsLife: true);
    }

    private SaveDecision Continue(Row theirs, long over, long version)
    {
        // A damaged row cannot say which incarnation it is. What this request loaded from it is the best there is.
        if (theirs.Kind == RowKind.Damaged)
            return Write(request.Mine, theirs, over, version, beginsLife: false);

        if (theirs.Session is not { } session || !session.Id.SequenceEqual(basis.Incarnation!.Id))
        {
            return options.RemovedDuringRequest == RemovedSessionPolicy.Discard || difference.Changed.Count == 0 ? new SaveDecision(SaveOutcome.Discarded, theirs)
                : theirs.Kind == RowKind.Session && theirs.IsLiveAt(request.Now) ? Merge(theirs, theirs.Session!, difference.WithoutRemovals(), over, version)
                : Write(SessionMerge.NewIncarnation(difference), theirs, over, version, beginsLife: true);
        }

        // The session has expired, and this request must not keep it alive: no one could ever read what it changed.
        if (request.KeepExpiry && !theirs.IsLiveAt(request.Now))
            return new SaveDecision(SaveOutcome.Discarded, theirs);

        return ChangesNothing && basis.InDoubt.Length == 0 && !MustSecure(theirs)
            ? WriteExpiry(theirs, over, SaveOutcome.Unchanged)
            : Merge(theirs, over, version);
    }

    private SaveDecision Merge(Row theirs, long over, long version) =>
        Merge(theirs, basis.WithoutInDoubt(theirs.Session!, over, request.Mine), difference, over, version);

    private SaveDecision Merge(Row theirs, SessionPayload session, SessionDifference changes, long over, long version)
    {
        var conflicts = new List<string>();
        var merged = SessionMerge.Apply(session, changes, conflicts, options.Merge);

        // An in-doubt write that may yet land must find another version, even if there is nothing else to write.
        var decision = merged.Bytes.SequenceEqual(theirs.Session!.Bytes) && !request.Force && !basis.MayYetLandOver(over) && !MustSecure(theirs)
            ? WriteExpiry(theirs, over, SaveOutcome.Saved)
            : Write(merged, theirs, over, version, beginsLife: false);
        return decision with { Conflicts = conflicts, IsMerged = theirs.Version != request.Snapshot.BaseVersion };
    }

    /// <param name="beginsLife">Whether this inserts the row, or replaces one of another life.</param>
    private SaveDecision Write(SessionPayload payload, Row theirs, long over, long version, bool beginsLife)
    {
        var (format, bytes) = RowFormat.Encode(payload, options.PayloadFormat);
        CacheValueTooLargeException.ThrowIfLarger(request.Mine.Array, options.MaxValueSize, request.Key);
        CacheValueTooLargeException.ThrowIfLarger(bytes, options.MaxValueSize, request.Key);
        var inserts = beginsLife && !theirs.IsLiveAt(request.Now);
        var write = new RowWrite
        {
            Over = over,
            Inserts = inserts,
            IsNewLife = beginsLife,
            Value = bytes,
            Format = format,
            Version = version,
            Recent = options.Merge.MustApplyOnce && !inserts ? theirs.Recent.With(theirs.Version, version) : default,
            Lifetime = request.KeepExpiry && !beginsLife ? null : request.Lifetime,
            Owner = request.Owner,
            IsOverPlainKey = theirs.IsUnderPlainKey,
        };
        var lifetime = write.Lifetime ?? theirs.Stored;
        var after = new Row
        {
            Kind = RowKind.Session,
            Session = payload,
            Version = version,
            Stored = lifetime,
            Effective = lifetime,
            Recent = write.Recent,
            Owner = request.Owner ?? (beginsLife ? null : theirs.Owner),
        };
        return new SaveDecision(SaveOutcome.Saved, after, write);
    }

    /// <summary>The value stays. The expiry is written only if it would follow another rule than the row's, the owner only if it is another.</summary>
    private SaveDecision WriteExpiry(Row theirs, long over, SaveOutcome outcome)
    {
        var hasSameRule = theirs.Stored.HasRuleOf(request.Lifetime);
        var keepsExpiry = request.KeepExpiry || (hasSameRule && (outcome == SaveOutcome.Unchanged || theirs.IsLiveAt(request.Now)));
        if (keepsExpiry && (request.Owner is null || request.Owner == theirs.Owner))
            return new SaveDecision(outcome, theirs);

        var lifetime = keepsExpiry ? (Lifetime?)null : request.Lifetime;
        var write = new RowWrite { Over = over, Lifetime = lifetime, Owner = request.Owner, IsOverPlainKey = theirs.IsUnderPlainKey };
        var after = theirs with { IsUnderPlainKey = false, Owner = request.Owner ?? theirs.Owner };
        if (!keepsExpiry)
            after = after with { Stored = request.Lifetime, Effective = request.Lifetime };

        return new SaveDecision(outcome, after, write);
    }

    /// <summary>A live row that shows what the options hide is written even if nothing changes.</summary>
    private bool MustSecure(Row theirs) => theirs.IsExposed && theirs.IsLiveAt(request.Now);
}
