namespace SmartCache.Contract.Time;

/// <summary>A timer of <see cref="ManualTime"/>.</summary>
internal sealed class ManualTimer(ManualTime time, Action callback) : ITimer
{
    private TimeSpan _period;

    /// <summary>When it fires next; null if it does not.</summary>
    public DateTimeOffset? Due { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.GetUtcNow() + dueTime;
        return true;
    }

    /// <summary>It is about to fire: it is due again a period later, or never.</summary>
    public void Schedule() => Due = _period > TimeSpan.Zero ? Due + _period : null;

    public void Fire() => callback();

    public void Dispose()
    {
        Due = null;
        time.Forget(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
