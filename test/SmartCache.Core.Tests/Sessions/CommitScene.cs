using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Sql;
using SmartCache.Sweeping;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>One store under test: what the request loaded and stores, and the row it meets.</summary>
internal sealed class CommitScene
{
    public const long Now = 1_700_000_000_000;
    public const long RowVersion = 42;
    private const long Minute = 60_000;

    /// <summary>What the store gives the row.</summary>
    public static readonly Lifetime Given = new(Now + (20 * Minute), 20 * Minute, null);

    /// <summary>What the row has from an access three minutes ago: the same rule.</summary>
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

    public PendingStore? Pending { get; init; }

    /// <summary>The row when the request loaded it, unless it has seen a newer one.</summary>
    public RowView Theirs { get; init; } = RowView.Absent;

    public SessionSnapshot Before => new() { Base = Base, Incarnation = Base, BaseVersion = RowVersion, Theirs = Theirs, Pending = Pending };

    public static CacheRow Row(SessionPayload payload, Lifetime? lifetime = null, long version = RowVersion) =>
        new(payload.Array, RowFormat.Session, version, lifetime ?? Live);

    public SessionCommit Commit() =>
        new(new CommitRequest(Key, Mine, Given, Before, Force, KeepExpiry, SkipEmpty: true, Now), Options, Touches);

    public RowView View(CacheRow row) => RowView.Of(row, Key, Touches.Waiting(Key));
}
