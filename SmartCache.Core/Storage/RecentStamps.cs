using System.Buffers.Binary;

namespace SmartCache.Storage;

/// <summary>
/// The stamps of the stores that a row has had of late, the newest last, as a column holds them: eight bytes each, the
/// highest first.
/// </summary>
/// <param name="Bytes">The column; null if it is, or is not in use.</param>
internal readonly record struct RecentStamps(byte[]? Bytes)
{
    private const int Max = 64;

    private int Count => (Bytes?.Length ?? 0) / sizeof(long);

    /// <summary>Whether older ones may have had to go.</summary>
    public bool IsFull => Count >= Max;

    public bool Contains(long stamp)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i] == stamp)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Those that a store leaves which writes over the row as <paramref name="previous"/> had left it.</summary>
    public RecentStamps With(long previous, long stamp)
    {
        var stamps = new List<long>(Max + 2);
        for (var i = 0; i < Count; i++)
        {
            stamps.Add(this[i]);
        }

        // What inserted the row has left no list; nor has an app without such rules that had the table before.
        foreach (var next in (ReadOnlySpan<long>)[previous, stamp])
        {
            if (stamps.Count == 0 || stamps[^1] != next)
            {
                stamps.Add(next);
            }
        }

        var first = Math.Max(0, stamps.Count - Max);
        var bytes = new byte[(stamps.Count - first) * sizeof(long)];
        for (var i = first; i < stamps.Count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan((i - first) * sizeof(long)), stamps[i]);
        }

        return new RecentStamps(bytes);
    }

    private long this[int index] => BinaryPrimitives.ReadInt64BigEndian(Bytes.AsSpan(index * sizeof(long)));
}
