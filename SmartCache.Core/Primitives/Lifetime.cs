using Microsoft.Extensions.Caching.Distributed;

namespace SmartCache.Primitives;

/// <summary>When a row expires, in UTC Unix milliseconds.</summary>
/// <param name="ExpiresAt">The expiry as of now.</param>
/// <param name="SlidingMs">The sliding window that a touch restarts; null if there is none.</param>
/// <param name="AbsoluteAt">The moment that no touch can move the expiry beyond; null if there is none.</param>
internal readonly record struct Lifetime(long ExpiresAt, long? SlidingMs, long? AbsoluteAt)
{
    public static Lifetime From(DistributedCacheEntryOptions options, long now, TimeSpan defaultSliding)
    {
        var absolute = options.AbsoluteExpirationRelativeToNow is { } relative
            ? now + Milliseconds(relative)
            : options.AbsoluteExpiration?.ToUnixTimeMilliseconds();
        if (absolute <= now)
        {
            // The same message as that of .NET's own caches.
            throw new ArgumentOutOfRangeException(
                nameof(options.AbsoluteExpiration), options.AbsoluteExpiration, "The absolute expiration value must be in the future.");
        }

        long? sliding = options.SlidingExpiration is { } window ? Milliseconds(window)
            : absolute is null ? Milliseconds(defaultSliding)
            : null;
        var expires = sliding is null ? absolute!.Value : Math.Min(now + sliding.Value, absolute ?? long.MaxValue);
        return new Lifetime(expires, sliding, absolute);
    }

    /// <summary>Whether touches move both expiries in the same way.</summary>
    public bool HasRuleOf(Lifetime other) => SlidingMs == other.SlidingMs && AbsoluteAt == other.AbsoluteAt;

    /// <summary>This lifetime, unless a touch has moved the other one further under the same rule.</summary>
    public Lifetime Over(Lifetime other) => HasRuleOf(other) && other.ExpiresAt > ExpiresAt ? other : this;

    public bool IsLiveAt(long now) => ExpiresAt > now;

    /// <summary>Whether no touch can move the expiry any more.</summary>
    public bool IsFixed => SlidingMs is null || ExpiresAt >= AbsoluteAt;

    /// <summary>
    /// The lifetime after touches that all found the row alive. It only moves forward. The touch statement of each dialect
    /// computes the same from the row's columns.
    /// </summary>
    public Lifetime Touched(TouchSpan span) =>
        SlidingMs is { } sliding && !span.IsEmpty && span.First < ExpiresAt
            ? this with { ExpiresAt = Math.Max(ExpiresAt, Math.Min(span.Last + sliding, AbsoluteAt ?? long.MaxValue)) }
            : this;

    /// <summary>The lifetime after touches, as if they were applied in the order of time.</summary>
    public Lifetime Touched(params ReadOnlySpan<UnwrittenTouches> touches)
    {
        // A touch may count only after another has moved the expiry. Repeating finds it without sorting: the expiry only moves forward.
        var touched = this;
        Lifetime last;
        do
        {
            last = touched;
            foreach (var some in touches)
            {
                touched = touched.Touched(some.InFlight).Touched(some.Waiting).Touched(some.Held);
                foreach (var earlier in some.WaitingBefore.AsSpan())
                    touched = touched.Touched(earlier);
            }
        }
        while (touched != last);

        return touched;
    }

    // Rounded up: a window shorter than a millisecond is still a window.
    private static long Milliseconds(TimeSpan span) =>
        (span.Ticks / TimeSpan.TicksPerMillisecond) + (span.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
