namespace SmartCache.Simulation.Time;

/// <summary>A node's clock.</summary>
internal sealed class NodeTime(VirtualTime time, TimeSpan ahead) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public TimeSpan Ahead => ahead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The moment as rows hold it: UTC Unix milliseconds.</summary>
    public long Milliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(time.Ticks) + ahead;

    public override long GetTimestamp() => time.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(time, this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }
}
