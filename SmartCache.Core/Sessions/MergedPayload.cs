using System.Buffers.Binary;
using System.Diagnostics;
using SmartCache.MergeRules;
using SmartCache.Payloads;

namespace SmartCache.Sessions;

/// <summary>Builds one merged payload in a single pass over a buffer of the exact size.</summary>
internal readonly ref struct MergedPayload
{
    private readonly SessionPayload _theirs;
    private readonly SessionDifference _difference;
    private readonly SessionMergeRules? _rules;
    private readonly List<string> _conflicts;

    /// <summary>For each entry of theirs: the number + 1 of the piece that replaces it, 0 to keep it, -1 to remove it.</summary>
    private readonly int[] _fate;

    private readonly List<Piece> _replacing = [];
    private readonly List<Piece> _appended = [];

    /// <param name="theirs">The newest payload of the row.</param>
    /// <param name="difference">What the request did.</param>
    /// <param name="rules">The merge rules; null if none apply.</param>
    /// <param name="conflicts">Receives the names of the entries that both sides had changed and no rule decided.</param>
    public MergedPayload(SessionPayload theirs, SessionDifference difference, SessionMergeRules? rules, List<string> conflicts)
    {
        (_theirs, _difference, _rules, _conflicts) = (theirs, difference, rules, conflicts);
        _fate = new int[theirs.Entries.Length];
        foreach (var entry in difference.Removed)
        {
            Remove(entry);
        }

        foreach (var entry in difference.Changed)
        {
            Change(entry);
        }
    }

    public SessionPayload Build()
    {
        var (count, length) = Measure();
        if (count > SessionPayload.MaxEntries)
        {
            throw new InvalidOperationException(
                $"The merged session would have {count} entries; its format holds at most {SessionPayload.MaxEntries}.");
        }

        var bytes = new byte[length];
        SessionPayload.WriteHeader(bytes, count, _theirs.Id);
        var rest = bytes.AsSpan(SessionPayload.HeaderLength);
        for (var i = 0; i < _fate.Length; i++)
        {
            if (_fate[i] == 0)
            {
                new Piece(_theirs, _theirs.Entries[i]).Write(ref rest);
            }
            else if (_fate[i] > 0)
            {
                _replacing[_fate[i] - 1].Write(ref rest);
            }
        }

        foreach (var piece in _appended)
        {
            piece.Write(ref rest);
        }

        var canonical = SessionPayload.TryParse(bytes, out var merged);
        Debug.Assert(canonical && rest.IsEmpty, "two canonical payloads merge into a canonical one");
        return merged!;
    }

    private (int Count, int Length) Measure()
    {
        var (count, length) = (_appended.Count, SessionPayload.HeaderLength);
        foreach (var piece in _appended)
        {
            length = checked(length + piece.Length);
        }

        for (var i = 0; i < _fate.Length; i++)
        {
            if (_fate[i] >= 0)
            {
                count++;
                length = checked(length + (_fate[i] == 0 ? _theirs.Entries[i].Length : _replacing[_fate[i] - 1].Length));
            }
        }

        return (count, length);
    }

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
            {
                _conflicts.Add(from.NameText(entry));
            }

            _fate[at] = -1;
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
        {
            _conflicts.Add(mine.NameText(entry));
        }

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
        {
            Put(at, new Piece(named, entry, value));
        }
        else if (at >= 0)
        {
            _fate[at] = -1;
        }
    }

    private void Put(int at, Piece piece)
    {
        if (at < 0)
        {
            _appended.Add(piece);
            return;
        }

        _replacing.Add(piece);
        _fate[at] = _replacing.Count;
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
