namespace SmartCache.Simulation.Time;

/// <summary>A node's clock.</summary>
internal sealed class NodeTime(VirtualTime time, TimeSpan ahead) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public TimeSpan Ahead => ahead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The moment as rows hold it: UTC Unix milliseconds.</summary>
    public long Milliseconds => MillisecondsAt(time.Ticks);

    public override DateTimeOffset GetUtcNow() => At(time.Ticks);

    public override long GetTimestamp() => time.Ticks;

    /// <summary>What it says at a moment of true time.</summary>
    public long MillisecondsAt(long ticks) => At(ticks).ToUnixTimeMilliseconds();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(time, this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset At(long ticks) => Start + TimeSpan.FromTicks(ticks) + ahead;
}
