using SmartCache.Primitives;
using SmartCache.Touches;

namespace SmartCache.Core.Tests.Touches;

/// <summary>A touch queue with one row that was last accessed at <see cref="Start"/>: a window of 20 minutes, so an interval of one.</summary>
internal sealed class QueueScene
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Start = 1_700_000_000_000;
    public const long Window = 20 * Minute;

    public QueueScene() => Queue.Urgent += () => UrgentCount++;

    public TouchQueue Queue { get; } = new();
    public CacheKey Key { get; } = CacheKey.From("key");
    public int UrgentCount { get; private set; }

    /// <summary>The row's columns when it was last accessed at a moment.</summary>
    public static Lifetime Row(long access = Start, long window = Window, long? absolute = null) =>
        new(Math.Min(access + window, absolute ?? long.MaxValue), window, absolute);

    public void Add(long access) => Queue.Add(Key, access, Row());

    public int Hold(long access) =>
        Queue.Hold(Key, access, Row()) ?? throw new InvalidOperationException("This row's expiry can move, so it can be held.");

    /// <summary>The touches that a flush at a moment takes.</summary>
    public TouchSpan? Take(long now, bool everything = false)
    {
        var touches = Queue.Take(now, everything ? FlushScope.Last : FlushScope.Due);
        return touches.Count == 0 ? null : touches.Single().Span;
    }

    /// <summary>A flush that succeeds.</summary>
    public TouchSpan? Flush(long now, bool everything = false)
    {
        var touches = Queue.Take(now, everything ? FlushScope.Last : FlushScope.Due);
        Queue.Return(touches, areWritten: true, now);
        return touches.Count == 0 ? null : touches.Single().Span;
    }

    /// <summary>When this node takes the row to expire, its columns being as at the start.</summary>
    public long Expiry() => Row().Touched(Queue.Unwritten(Key)).ExpiresAt;

    public static TouchSpan Access(long at) => new(at, at);
}
