using System.Diagnostics;

namespace SmartCache.Sessions;

/// <summary>Puts one merged payload together in a single pass over a buffer of the exact size.</summary>
internal readonly ref struct MergedPayload
{
    private readonly SessionPayload _theirs;
    private readonly SessionPayload _mine;

    /// <summary>Per entry of theirs: the number + 1 of the entry of mine that takes its place, 0 to keep it, -1 to drop it.</summary>
    private readonly int[] _fate;

    private readonly List<SessionEntry> _appended = [];
    private readonly int _count;
    private readonly int _length;

    public MergedPayload(SessionPayload theirs, SessionDifference difference, List<string> conflicts)
    {
        _theirs = theirs;
        _mine = difference.Mine;
        _fate = new int[theirs.Entries.Length];
        _count = theirs.Entries.Length;
        _length = theirs.Bytes.Length;

        foreach (var entry in difference.Removed)
        {
            var at = theirs.IndexOf(difference.Base!.Name(entry));
            if (at >= 0)
            {
                if (!difference.Base.Value(entry).SequenceEqual(theirs.Value(theirs.Entries[at])))
                {
                    conflicts.Add(theirs.NameText(theirs.Entries[at]));
                }

                _fate[at] = -1;
                _count--;
                _length -= theirs.Entries[at].Length;
            }
        }

        for (var i = 0; i < difference.Changed.Count; i++)
        {
            var entry = difference.Changed[i];
            var name = _mine.Name(entry);
            var at = theirs.IndexOf(name);
            if (IsConflict(difference, entry, at))
            {
                conflicts.Add(_mine.NameText(entry));
            }

            if (at < 0)
            {
                _appended.Add(entry);
                _count++;
                _length += entry.Length;
            }
            else
            {
                _fate[at] = i + 1;
                _length += entry.Length - theirs.Entries[at].Length;
            }
        }

        Changed = difference.Changed;
    }

    private List<SessionEntry> Changed { get; }

    public SessionPayload Build()
    {
        if (_count > SessionPayload.MaxEntries)
        {
            throw new InvalidOperationException(
                $"The merged session would have {_count} entries; its format holds at most {SessionPayload.MaxEntries}.");
        }

        var bytes = new byte[_length];
        SessionPayload.WriteHeader(bytes, _count, _theirs.Id);
        var rest = bytes.AsSpan(SessionPayload.HeaderLength);
        for (var i = 0; i < _fate.Length; i++)
        {
            if (_fate[i] == 0)
            {
                Write(ref rest, _theirs.Raw(_theirs.Entries[i]));
            }
            else if (_fate[i] > 0)
            {
                Write(ref rest, _mine.Raw(Changed[_fate[i] - 1]));
            }
        }

        foreach (var entry in _appended)
        {
            Write(ref rest, _mine.Raw(entry));
        }

        var canonical = SessionPayload.TryParse(bytes, out var merged);
        Debug.Assert(canonical && rest.IsEmpty, "two canonical payloads merge into a canonical one");
        return merged!;
    }

    private static void Write(ref Span<byte> rest, ReadOnlySpan<byte> entry)
    {
        entry.CopyTo(rest);
        rest = rest[entry.Length..];
    }

    /// <summary>Both sides changed the entry since base, and not to the same value.</summary>
    private bool IsConflict(SessionDifference difference, SessionEntry mine, int theirs)
    {
        var before = difference.Base is { } from ? from.IndexOf(_mine.Name(mine)) : -1;
        if (theirs < 0)
        {
            return before >= 0;
        }

        var value = _theirs.Value(_theirs.Entries[theirs]);
        var theyChanged = before < 0 || !difference.Base!.Value(difference.Base.Entries[before]).SequenceEqual(value);
        return theyChanged && !_mine.Value(mine).SequenceEqual(value);
    }
}
