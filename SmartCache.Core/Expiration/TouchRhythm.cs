namespace SmartCache.Expiration;

/// <summary>
/// When a row's accesses are written: at most once per interval, counted from the last access its columns know of;
/// at once near the end of its life, so that other nodes still find it alive.
/// </summary>
internal static class TouchRhythm
{
    /// <summary>How often due touches are flushed, in milliseconds.</summary>
    public const int FlushPeriodMs = 1_000;

    private const long LongestIntervalMs = 60_000;

    /// <summary>When the row has to be looked at next.</summary>
    public static long WakeTime(TouchedRow row, long now) => Math.Min(
        row.Waiting.IsEmpty ? long.MaxValue : NextDue(row, now),
        row.Holds == 0 ? long.MaxValue : HoldDeadline(row));

    /// <summary>No more than an interval and a flush period are left of the row's life.</summary>
    public static bool IsNearEnd(TouchedRow row, long now) =>
        row.Known.ExpiresAt - now <= Interval(row.Known) + FlushPeriodMs;

    /// <summary>When a waiting access is to be written.</summary>
    public static long NextDue(TouchedRow row, long now) =>
        IsNearEnd(row, now) ? now : Math.Max(now, row.Known.ExpiresAt - row.Known.SlidingMs.GetValueOrDefault() + Interval(row.Known));

    /// <summary>Until when an access may wait for the end of its request.</summary>
    public static long HoldDeadline(TouchedRow row) =>
        row.Held.First + Math.Min(Interval(row.Known), Math.Max(0, row.Known.ExpiresAt - row.Held.First) / 2);

    /// <summary>A tenth of the window, at most a minute, in milliseconds.</summary>
    private static long Interval(Lifetime known) => Math.Min(known.SlidingMs.GetValueOrDefault() / 10, LongestIntervalMs);
}
