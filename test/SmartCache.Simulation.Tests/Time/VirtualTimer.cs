using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Time;

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

    /// <summary>As with the system's timers, the callback may still come when the timer has been stopped meanwhile.</summary>
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
