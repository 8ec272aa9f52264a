using Microsoft.Extensions.Caching.Distributed;

namespace SmartCache.Expiration;

/// <summary>
/// When a row expires, in UTC Unix milliseconds: the moment as of now, the sliding window that an access restarts
/// (null: none), and the moment no access can pass (null: none).
/// </summary>
internal readonly record struct Lifetime(long ExpiresAt, long? SlidingMs, long? AbsoluteAt)
{
    public static Lifetime From(DistributedCacheEntryOptions options, long now, TimeSpan defaultSliding)
    {
        var absolute = options.AbsoluteExpirationRelativeToNow is { } relative
            ? now + Milliseconds(relative)
            : options.AbsoluteExpiration?.ToUnixTimeMilliseconds();
        if (absolute <= now)
        {
            // Word for word what .NET's own caches say.
            throw new ArgumentOutOfRangeException(
                nameof(options.AbsoluteExpiration), options.AbsoluteExpiration, "The absolute expiration value must be in the future.");
        }

        long? sliding = options.SlidingExpiration is { } window ? Milliseconds(window)
            : absolute is null ? Milliseconds(defaultSliding)
            : null;
        var expires = sliding is null ? absolute!.Value : Math.Min(now + sliding.Value, absolute ?? long.MaxValue);
        return new Lifetime(expires, sliding, absolute);
    }

    /// <summary>Whether accesses move both in the same way.</summary>
    public bool HasRuleOf(Lifetime other) => SlidingMs == other.SlidingMs && AbsoluteAt == other.AbsoluteAt;

    /// <summary>This, but not taking back what an access has moved further under the same rule.</summary>
    public Lifetime Over(Lifetime other) => HasRuleOf(other) && other.ExpiresAt > ExpiresAt ? other : this;

    public bool IsLiveAt(long now) => ExpiresAt > now;

    /// <summary>No access can move the expiry any more.</summary>
    public bool IsFixed => SlidingMs is null || ExpiresAt >= AbsoluteAt;

    /// <summary>
    /// The lifetime after accesses from <paramref name="first"/> to <paramref name="last"/>, none of which found the
    /// row dead. It only ever moves forward. Every dialect's touch statement computes the same from the row's columns.
    /// </summary>
    public Lifetime Touched(long first, long last) =>
        SlidingMs is { } sliding && first < ExpiresAt
            ? this with { ExpiresAt = Math.Max(ExpiresAt, Math.Min(last + sliding, AbsoluteAt ?? long.MaxValue)) }
            : this;

    /// <summary>The lifetime after several spans of accesses, taken in the order of time.</summary>
    public Lifetime Touched(AccessSpan[] accesses) => accesses switch
    {
        [] => this,
        [var only] => Touched(only.First, only.Last),
        _ => accesses.OrderBy(static span => span.First).Aggregate(this, static (lifetime, span) => lifetime.Touched(span.First, span.Last)),
    };

    // A window below a millisecond still is one.
    private static long Milliseconds(TimeSpan span) =>
        (span.Ticks / TimeSpan.TicksPerMillisecond) + (span.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
