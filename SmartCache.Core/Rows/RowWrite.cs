using SmartCache.Sql;

namespace SmartCache.Rows;

/// <summary>What one guarded statement writes to a row: a new value, a new lifetime, another owner, or some of them.</summary>
internal sealed record RowWrite
{
    /// <summary>The version of the row that the write may overwrite; 0 if there was no row.</summary>
    public long Over { get; init; }

    /// <summary>Whether the write inserts the row, or replaces an expired one.</summary>
    public bool Inserts { get; init; }

    /// <summary>Whether the row begins a new life: its creation time changes too.</summary>
    public bool IsNewLife { get; init; }

    /// <summary>The bytes to write; null to keep the value.</summary>
    public byte[]? Value { get; init; }
    public int Format { get; init; }

    /// <summary>The version that the write gives the row if it writes a value.</summary>
    public long Version { get; init; }
    public RecentVersions Recent { get; init; }

    /// <summary>The lifetime to write; null to keep it.</summary>
    public Lifetime? Lifetime { get; init; }

    /// <summary>Whose session the row is from now on; null to keep the owner of a row that goes on living.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether the row still has its plain key, which the write replaces by the hash.</summary>
    public bool IsOverPlainKey { get; init; }

    /// <summary>The values of a statement that carries it out.</summary>
    public SqlValues Values(CacheKey key, long now) => new()
    {
        Key = key,
        Value = Value ?? [],
        Format = Format,
        Version = Version,
        OldVersion = Over,
        Recent = Recent,
        Lifetime = Lifetime.GetValueOrDefault(),
        Owner = Owner,
        Now = now,
    };

    /// <summary>A version that no row has had.</summary>
    public static long NewVersion() => Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>One write with the effect of this one followed by <paramref name="next"/>, which was decided on this one's result.</summary>
    public RowWrite Then(RowWrite next)
    {
        var isNewLife = IsNewLife || next.IsNewLife || next.Inserts;
        var lifetime = next.Lifetime is { } later && Lifetime is { } earlier ? later.Over(earlier) : next.Lifetime ?? Lifetime;
        var both = next.Value is null ? this : next with { Over = Over, Inserts = Inserts, IsOverPlainKey = IsOverPlainKey };
        var owner = next.IsNewLife ? next.Owner : next.Owner ?? Owner;
        return both with { IsNewLife = isNewLife, Lifetime = lifetime, Owner = owner };
    }
}
