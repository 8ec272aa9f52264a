namespace SmartCache.Expiration;

/// <summary>How long background work leaves the database alone after a failure: doubling, up to a minute.</summary>
internal sealed class Backoff(TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TimeSpan _wait;
    private DateTimeOffset _until;

    public bool IsWaiting(TimeProvider time) => time.GetUtcNow() < _until;

    public void Reset() => (_wait, _until) = (default, default);

    /// <summary>Notes a failure; gives how long to wait.</summary>
    public TimeSpan Next(TimeProvider time)
    {
        _wait = _wait == default ? first : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, Math.Max(first.Ticks, Longest.Ticks)));
        _until = time.GetUtcNow() + _wait;
        return _wait;
    }
}
