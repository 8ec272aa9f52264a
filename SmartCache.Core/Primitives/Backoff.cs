namespace SmartCache.Primitives;

/// <summary>How long background work leaves the database alone after a failure. The wait doubles, up to one minute.</summary>
internal sealed class Backoff(TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TimeSpan _wait;
    private long _failedAt;

    // Measured by timestamps: setting the clock back must not prolong the wait.
    public bool IsWaiting(TimeProvider time) => _wait != default && time.GetElapsedTime(_failedAt) < _wait;

    public void Reset() => _wait = default;

    /// <summary>Records a failure and returns how long to wait.</summary>
    public TimeSpan Next(TimeProvider time)
    {
        _wait = _wait == default ? first : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, Math.Max(first.Ticks, Longest.Ticks)));
        _failedAt = time.GetTimestamp();
        return _wait;
    }
}
