using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using SmartCache.MergeRules;
using SmartCache.Payloads;

namespace SmartCache.Sessions;

/// <summary>
/// The three-way merge: applies what one request did to the session (mine against base) to what the row contains now (theirs).
/// Entries that the request did not change keep their value in theirs. A removal in mine beats a change in theirs; a change in mine brings
/// back an entry removed in theirs. If both changed an entry, mine (the later save) wins. A merge rule of the entry decides instead, about
/// a removal only if it says so.
/// The row's session id and the order of theirs are kept, and new entries are appended.
/// </summary>
internal readonly struct SessionMerge
{
    private readonly SessionPayload _theirs;
    private readonly SessionDifference _difference;
    private readonly SessionMergeRules? _rules;
    private readonly List<string> _conflicts;

    /// <summary>What becomes of each entry of theirs; null to remove it.</summary>
    private readonly Piece?[] _kept;
    private readonly List<Piece> _appended = [];

    private SessionMerge(SessionPayload theirs, SessionDifference difference, SessionMergeRules? rules, List<string> conflicts)
    {
        (_theirs, _difference, _rules, _conflicts) = (theirs, difference, rules, conflicts);
        _kept = new Piece?[theirs.Entries.Length];
        for (var i = 0; i < _kept.Length; i++)
            _kept[i] = new Piece(theirs, theirs.Entries[i]);

        foreach (var entry in difference.Removed)
            Remove(entry);

        foreach (var entry in difference.Changed)
            Change(entry);
    }

    /// <param name="theirs">The newest payload of the row.</param>
    /// <param name="difference">What the request did.</param>
    /// <param name="conflicts">Receives the names of the entries that both sides had changed and no rule decided.</param>
    /// <param name="rules">The merge rules; null if none apply.</param>
    /// <returns>A new payload, or mine or theirs itself if nothing needs merging.</returns>
    public static SessionPayload Apply(SessionPayload theirs, SessionDifference difference, List<string> conflicts, SessionMergeRules? rules = null) =>
        rules is not { IsEmpty: false } && theirs.Bytes.SequenceEqual(difference.Mine.Bytes) ? theirs
        : difference.KeepsOrder && theirs.Bytes.SequenceEqual(difference.Base!.Bytes) ? difference.Mine
        : new SessionMerge(theirs, difference, rules, conflicts).Build();

    /// <summary>Theirs as it would be without an in-doubt write: where it contains what that write sent, it gets back what was loaded.</summary>
    public static SessionPayload Undo(SessionPayload theirs, SessionPayload sent, SessionPayload? loaded)
    {
        var empty = SessionPayload.Empty(theirs.Id);
        var before = loaded is null ? empty : Apply(empty, SessionDifference.Between(null, loaded), []);
        return Apply(before, SessionDifference.Between(sent, theirs), []);
    }

    /// <summary>The entries that the request added or changed, as a session of their own with a new id.</summary>
    public static SessionPayload NewIncarnation(SessionDifference difference) =>
        Apply(SessionPayload.Empty(RandomNumberGenerator.GetBytes(SessionPayload.IdLength)), difference, []);

    private void Remove(SessionEntry entry)
    {
        var from = _difference.Base!;
        var at = _theirs.IndexOf(from.Name(entry));
        var haveTheyChanged = at < 0 || !from.Value(entry).SequenceEqual(_theirs.Value(_theirs.Entries[at]));
        if (haveTheyChanged && Rule(from, entry) is { DecidesRemoval: true } rule)
        {
            Decide(rule, from, entry, at, from.Value(entry).ToArray(), mine: null);
        }
        else if (at >= 0)
        {
            if (haveTheyChanged)
                _conflicts.Add(from.NameText(entry));

            _kept[at] = null;
        }
    }

    private void Change(SessionEntry entry)
    {
        var (from, mine) = (_difference.Base, _difference.Mine);
        var name = mine.Name(entry);
        var at = _theirs.IndexOf(name);
        var before = from?.IndexOf(name) ?? -1;
        var haveTheyChanged = at < 0 ? before >= 0
            : before < 0 || !from!.Value(from.Entries[before]).SequenceEqual(_theirs.Value(_theirs.Entries[at]));
        if (haveTheyChanged && Rule(mine, entry) is { } rule)
        {
            Decide(rule, mine, entry, at, before < 0 ? null : from!.Value(from.Entries[before]).ToArray(), mine.Value(entry).ToArray());
            return;
        }

        if (haveTheyChanged && (at < 0 || !mine.Value(entry).SequenceEqual(_theirs.Value(_theirs.Entries[at]))))
            _conflicts.Add(mine.NameText(entry));

        Put(at, new Piece(mine, entry));
    }

    private EntryRule? Rule(SessionPayload payload, SessionEntry entry) =>
        _rules is { IsEmpty: false } && _rules.TryFind(payload.NameText(entry), out var rule) ? rule : null;

    private void Decide(EntryRule rule, SessionPayload named, SessionEntry entry, int at, byte[]? loaded, byte[]? mine)
    {
        byte[]? value;
        try
        {
            value = rule.Merge(loaded, mine, at < 0 ? null : _theirs.Value(_theirs.Entries[at]).ToArray());
        }
        catch (Exception exception)
        {
            throw SessionMergeException.RuleFailed(named.NameText(entry), exception);
        }

        if (value is not null)
            Put(at, new Piece(named, entry, value));
        else if (at >= 0)
            _kept[at] = null;
    }

    private void Put(int at, Piece piece)
    {
        if (at < 0)
            _appended.Add(piece);
        else
            _kept[at] = piece;
    }

    private SessionPayload Build()
    {
        var pieces = new List<Piece>(_kept.Length + _appended.Count);
        foreach (var kept in _kept)
        {
            if (kept is { } piece)
                pieces.Add(piece);
        }

        pieces.AddRange(_appended);
        if (pieces.Count > SessionPayload.MaxEntries)
        {
            throw new InvalidOperationException(
                $"The merged session would have {pieces.Count} entries; its format holds at most {SessionPayload.MaxEntries}.");
        }

        var bytes = new byte[pieces.Aggregate(SessionPayload.HeaderLength, static (length, piece) => checked(length + piece.Length))];
        SessionPayload.WriteHeader(bytes, pieces.Count, _theirs.Id);
        var rest = bytes.AsSpan(SessionPayload.HeaderLength);
        foreach (var piece in pieces)
            piece.Write(ref rest);

        var canonical = SessionPayload.TryParse(bytes, out var merged);
        Debug.Assert(canonical && rest.IsEmpty, "two canonical payloads merge into a canonical one");
        return merged!;
    }

    /// <summary>An entry of the payload being built: as it is in another payload, or with a new value.</summary>
    private readonly struct Piece(SessionPayload payload, SessionEntry entry, byte[]? value = null)
    {
        public int Length => value is null ? entry.Length : checked(entry.Length - entry.ValueLength + value.Length);

        /// <summary>Writes the entry and moves on behind it.</summary>
        public void Write(ref Span<byte> rest)
        {
            var raw = payload.Raw(entry);
            if (value is null)
            {
                raw.CopyTo(rest);
            }
            else
            {
                var start = entry.ValueStart - entry.Start;
                raw[..start].CopyTo(rest);
                BinaryPrimitives.WriteInt32BigEndian(rest[(start - sizeof(int))..], value.Length);
                value.CopyTo(rest[start..]);
            }

            rest = rest[Length..];
        }
    }
}
