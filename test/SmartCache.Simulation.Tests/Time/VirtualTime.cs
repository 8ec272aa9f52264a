using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Time;

/// <summary>The time of a simulated world. It moves from timer to timer, when the simulation lets it.</summary>
internal sealed class VirtualTime
{
    private readonly List<VirtualTimer> _timers = [];

    public long Ticks { get; private set; }

    /// <summary>A clock that is ahead of this, or behind.</summary>
    public NodeTime Of(TimeSpan ahead) => new(this, ahead);

    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, Actor.Current.Time);

    /// <summary>Lets the timers fire that are due: each is a step.</summary>
    public void FireDue()
    {
        while (Next() is { } next && next.Due <= Ticks)
        {
            next.Fire();
        }
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
