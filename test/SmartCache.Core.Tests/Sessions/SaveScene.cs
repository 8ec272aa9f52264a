using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Touches;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>One save under test: what the request loaded and saves, and the row it meets.</summary>
internal sealed class SaveScene
{
    public const long Now = 1_700_000_000_000;
    public const long RowVersion = 42;
    private const long Minute = 60_000;

    /// <summary>What the save gives the row.</summary>
    public static readonly Lifetime Given = new(Now + (20 * Minute), 20 * Minute, null);

    /// <summary>What the row has from a touch three minutes ago: the same rule.</summary>
    public static readonly Lifetime Live = new(Now + (17 * Minute), 20 * Minute, null);

    public static readonly Lifetime Dead = new(Now, 20 * Minute, null);

    public TestOptions Options { get; init; } = new();
    public TouchQueue Touches { get; } = new();
    public CacheKey Key { get; } = CacheKey.From("key");

    /// <summary>What the request loaded; null if there was no live session.</summary>
    public SessionPayload? Base { get; init; }
    public SessionPayload Mine { get; init; } = Session("a=1");
    public bool Force { get; init; }
    public bool KeepExpiry { get; init; }
    public InDoubtWrite[] InDoubt { get; init; } = [];

    /// <summary>The row when the request loaded it, unless it has seen a newer one.</summary>
    public Row Theirs { get; init; } = Rows.Row.Absent;
    public SessionSnapshot Before => new() { Basis = new SaveBasis(Base, Base, InDoubt), BaseVersion = RowVersion, Theirs = Theirs };

    public static Row Row(SessionPayload payload, Lifetime? lifetime = null, long version = RowVersion) => RowOf(payload.Array, RowFormat.Session, lifetime ?? Live, version);

    public static Row RowOf(byte[] value, int format, Lifetime lifetime, long version = RowVersion) =>
        new Row { Value = value, Format = format, Version = version, Stored = lifetime, Effective = lifetime }.Parsed(CacheKey.From("key"));

    public TestSave Save() => new(new SaveRequest(Key, Mine, Given, Before, Force, KeepExpiry, SkipEmpty: true, Now), Options, Touches);
}

/// <summary>A save that is decided alone, as most are: in a batch of one.</summary>
internal sealed class TestSave
{
    private readonly SaveBatch _batch;

    public TestSave(SaveRequest request, TestOptions options, TouchQueue touches)
    {
        Save = new SessionSave(request, options);
        _batch = new SaveBatch([Save], touches);
    }

    public SessionSave Save { get; }
    public SaveDecision Decision => Save.Decision;

    public RowWrite? Decide(Row? row)
    {
        var write = _batch.Decide(row ?? Row.Absent);
        Save.ThrowIfFailed();
        return write;
    }

    public SessionSnapshot SnapshotAfter(SessionSnapshot current)
    {
        _batch.Complete();
        return Save.SnapshotAfter(current);
    }
}
