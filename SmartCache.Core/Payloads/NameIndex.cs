using System.Numerics;

namespace SmartCache.Payloads;

/// <summary>
/// Finds an entry by its name: by looking at each where there are few, by an open-addressed hash table where there
/// are many, so that neither parsing nor comparing ever costs the square of the entry count.
/// </summary>
internal readonly struct NameIndex
{
    private const int FewEntries = 12;

    /// <summary>Slots holding entry number + 1; empty for few entries.</summary>
    private readonly int[]? _slots;

    private NameIndex(int[] slots) => _slots = slots;

    /// <returns>False if two entries have the same name.</returns>
    public static bool TryCreate(byte[] bytes, SessionEntry[] entries, out NameIndex index)
    {
        index = default;
        if (entries.Length <= FewEntries)
        {
            for (var i = 1; i < entries.Length; i++)
            {
                if (Scan(bytes, entries.AsSpan(0, i), NameOf(bytes, entries[i])) >= 0)
                {
                    return false;
                }
            }

            return true;
        }

        // At most half full, so that a run of taken slots stays short.
        var slots = new int[BitOperations.RoundUpToPowerOf2((uint)entries.Length * 2)];
        for (var i = 0; i < entries.Length; i++)
        {
            var name = NameOf(bytes, entries[i]);
            var slot = FindSlot(slots, bytes, entries, name);
            if (slots[slot] != 0)
            {
                return false;
            }

            slots[slot] = i + 1;
        }

        index = new NameIndex(slots);
        return true;
    }

    public int Find(byte[] bytes, SessionEntry[] entries, ReadOnlySpan<byte> name) =>
        _slots is null ? Scan(bytes, entries, name) : _slots[FindSlot(_slots, bytes, entries, name)] - 1;

    private static int Scan(byte[] bytes, ReadOnlySpan<SessionEntry> entries, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (name.SequenceEqual(NameOf(bytes, entries[i])))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The slot that holds the name, or the empty one where it belongs.</summary>
    private static int FindSlot(int[] slots, byte[] bytes, SessionEntry[] entries, ReadOnlySpan<byte> name)
    {
        // HashCode is seeded per process: a client who names entries cannot make them collide on purpose.
        var hash = new HashCode();
        hash.AddBytes(name);
        var mask = slots.Length - 1;
        var slot = hash.ToHashCode() & mask;
        while (slots[slot] != 0 && !name.SequenceEqual(NameOf(bytes, entries[slots[slot] - 1])))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private static ReadOnlySpan<byte> NameOf(byte[] bytes, SessionEntry entry) => bytes.AsSpan(entry.NameStart, entry.NameLength);
}
