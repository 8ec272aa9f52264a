namespace SmartCache.Simulation;

/// <summary>The time of a simulated world. It moves from timer to timer when the simulation allows it.</summary>
internal sealed class VirtualTime
{
    private readonly List<VirtualTimer> _timers = [];

    public long Ticks { get; private set; }

    /// <summary>A clock that is ahead of this, or behind.</summary>
    public NodeTime Of(TimeSpan ahead) => new(this, ahead);

    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, Actor.Current.Time);

    /// <summary>Fires the timers that are due. Each is a step.</summary>
    public void FireDue()
    {
        while (Next() is { } next && next.Due <= Ticks)
            next.Fire();
    }

    /// <summary>Moves on to the next timer's moment.</summary>
    public void Pass() => Ticks = Math.Max(Ticks, Next()?.Due ?? throw new InvalidOperationException("Nobody waits for anything."));

    public void Add(VirtualTimer timer) => _timers.Add(timer);

    public void Remove(VirtualTimer timer) => _timers.Remove(timer);

    /// <summary>The clock's node is dead: none of its timers fires.</summary>
    public void Stop(NodeTime clock) => _timers.RemoveAll(timer => timer.Clock == clock);

    private VirtualTimer? Next()
    {
        VirtualTimer? next = null;
        foreach (var timer in _timers)
        {
            next = next is null || timer.Due < next.Due ? timer : next;
        }

        return next;
    }
}

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

    /// <summary>What it shows at a moment of true time.</summary>
    public long MillisecondsAt(long ticks) => At(ticks).ToUnixTimeMilliseconds();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(time, this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset At(long ticks) => Start + TimeSpan.FromTicks(ticks) + ahead;
}

/// <summary>A timer of <see cref="VirtualTime"/>, which fires as the actor that set it up.</summary>
internal sealed class VirtualTimer(VirtualTime time, NodeTime clock, Action callback) : ITimer
{
    private readonly Actor _actor = Actor.Current;
    private TimeSpan _period;

    public NodeTime Clock => clock;

    /// <summary>When it fires next, in ticks.</summary>
    public long Due { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        time.Remove(this);
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan && _actor.Node is not { IsDead: true })
        {
            Due = time.Ticks + dueTime.Ticks;
            time.Add(this);
        }

        return true;
    }

    /// <summary>As with the system's timers, the callback may still run when the timer has been stopped.</summary>
    public void Fire()
    {
        Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
        World.Current.Agenda.Add(_actor, "timer", callback);
    }

    public void Dispose() => time.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
