using System.Buffers.Binary;

namespace SmartCache.Primitives;

/// <summary>
/// The versions that a row has had lately, the newest last, as their column holds them: eight bytes each, big-endian.
/// </summary>
/// <param name="Bytes">The column; null if it is null or not in use.</param>
internal readonly record struct RecentVersions(byte[]? Bytes)
{
    private const int Max = 64;

    private int Count => (Bytes?.Length ?? 0) / sizeof(long);

    /// <summary>Whether older versions may have been dropped.</summary>
    public bool IsFull => Count >= Max;

    public bool Contains(long version) => All().Contains(version);

    /// <summary>The list after a write over the row's previous version.</summary>
    public RecentVersions With(long previous, long version)
    {
        // An insert leaves no list, and neither does an app without such rules that used the table before.
        var versions = All();
        foreach (var next in (ReadOnlySpan<long>)[previous, version])
        {
            if (versions.Count == 0 || versions[^1] != next)
                versions.Add(next);
        }

        var bytes = new byte[Math.Min(versions.Count, Max) * sizeof(long)];
        for (var i = 0; i < bytes.Length; i += sizeof(long))
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i), versions[^((bytes.Length - i) / sizeof(long))]);

        return new RecentVersions(bytes);
    }

    private List<long> All()
    {
        var versions = new List<long>(Max + 2);
        for (var i = 0; i < Count; i++)
            versions.Add(BinaryPrimitives.ReadInt64BigEndian(Bytes.AsSpan(i * sizeof(long))));

        return versions;
    }
}
