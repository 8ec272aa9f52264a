using SmartCache.Payloads;

namespace SmartCache.Sessions;

/// <summary>
/// What a request did to the session it had loaded: the entries it added or changed, and those it removed. Decided by the bytes of
/// each value, so a value that was changed in place is found and one that was set to its old value is not.
/// </summary>
internal sealed class SessionDifference
{
    private SessionDifference(SessionPayload? from, SessionPayload to) => (Base, Mine) = (from, to);

    /// <summary>What the request loaded; null if there was no live row.</summary>
    public SessionPayload? Base { get; }

    /// <summary>What the request saves.</summary>
    public SessionPayload Mine { get; }

    /// <summary>Entries of <see cref="Mine"/> that are new or differ from <see cref="Base"/>.</summary>
    public List<SessionEntry> Changed { get; } = [];

    /// <summary>Entries of <see cref="Base"/> that are not in <see cref="Mine"/>.</summary>
    public List<SessionEntry> Removed { get; } = [];

    /// <summary>
    /// Whether mine has the session id of base, what is left of base in the same order, and what is new after that: then mine is what
    /// a merge with base itself would produce.
    /// </summary>
    public bool KeepsOrder { get; private set; }
    public bool IsEmpty => Changed.Count == 0 && Removed.Count == 0;

    public static SessionDifference Between(SessionPayload? from, SessionPayload to)
    {
        var difference = new SessionDifference(from, to);
        if (from is null)
            difference.Changed.AddRange(to.Entries);
        else if (!from.Bytes.SequenceEqual(to.Bytes))
            difference.Compare(from, to);

        return difference;
    }

    /// <summary>Only what was added or changed: for a session that the request has never seen.</summary>
    public SessionDifference WithoutRemovals()
    {
        var difference = new SessionDifference(Base, Mine);
        difference.Changed.AddRange(Changed);
        return difference;
    }

    /// <summary>The name of an entry whose merge rule must not be applied twice; null if there is none.</summary>
    public string? FindAppliedOnce(SessionMergeRules rules) => !rules.MustApplyOnce ? null
        : Changed.Select(entry => Mine.NameText(entry)).FirstOrDefault(name => rules.TryFind(name, out var rule) && rule.MustApplyOnce)
            ?? Removed.Select(entry => Base!.NameText(entry)).FirstOrDefault(
                name => rules.TryFind(name, out var rule) && rule is { MustApplyOnce: true, DecidesRemoval: true });

    private void Compare(SessionPayload from, SessionPayload to)
    {
        var stillThere = 0;
        var last = -1;
        KeepsOrder = from.Id.SequenceEqual(to.Id);
        foreach (var entry in to.Entries)
        {
            var before = from.IndexOf(to.Name(entry));
            KeepsOrder &= before < 0 || before > last;
            last = before < 0 ? int.MaxValue : before;
            if (before >= 0)
                stillThere++;

            if (before < 0 || !from.Value(from.Entries[before]).SequenceEqual(to.Value(entry)))
                Changed.Add(entry);
        }

        if (stillThere == from.Entries.Length)
            return;

        foreach (var entry in from.Entries)
        {
            if (to.IndexOf(from.Name(entry)) < 0)
                Removed.Add(entry);
        }
    }
}
