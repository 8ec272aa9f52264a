namespace SmartCache.Simulation.Scheduling;

/// <summary>Somebody who waits for somebody else, for a time or until cancelled. Going on is a step.</summary>
internal sealed class Waiter
{
    private readonly TaskCompletionSource<bool> _source = new();
    private readonly Actor _actor = Actor.Current;
    private readonly CancellationTokenRegistration _cancelling;
    private readonly ITimer? _timer;
    private bool _isGranted;

    public Waiter(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : _actor.Time.CreateTimer(_ => GiveUp(source => source.TrySetResult(false)), null, timeout, Timeout.InfiniteTimeSpan);
        _cancelling = cancellationToken.UnsafeRegister(_ => GiveUp(source => source.TrySetCanceled(cancellationToken)), null);
    }

    /// <summary>False if time was up.</summary>
    public Task<bool> Task => _source.Task;

    /// <summary>What it waits for has come; time or a cancellation may still be faster than the step.</summary>
    public void Wake() => World.Current.Agenda.Add(_actor, "goes on", () => End(static source => source.TrySetResult(true)));

    /// <summary>What it waits for is its own, whatever comes.</summary>
    public void Grant()
    {
        _isGranted = true;
        Wake();
    }

    private void GiveUp(Action<TaskCompletionSource<bool>> end)
    {
        if (!_isGranted)
        {
            End(end);
        }
    }

    private void End(Action<TaskCompletionSource<bool>> end)
    {
        _timer?.Dispose();
        _cancelling.Dispose();
        end(_source);
    }
}
