namespace SmartCache.Core.Tests;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2025, 11, 18, 12, 0, 0, TimeSpan.Zero);
    private long _timestamp;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _timestamp;

    public void Advance(TimeSpan by) => (_now, _timestamp) = (_now + by, _timestamp + by.Ticks);

    /// <summary>Sets the wall clock, as time synchronization does. No time passes.</summary>
    public void Step(TimeSpan by) => _now += by;
}
