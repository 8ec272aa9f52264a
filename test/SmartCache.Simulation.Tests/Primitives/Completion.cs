using SmartCache.Simulation.Scheduling;

namespace SmartCache;

/// <summary>What <see cref="TaskCompletionSource"/> gives in place of a task: as much of one as the product uses.</summary>
internal sealed class Completion
{
    private readonly List<Waiter> _waiting = [];
    private bool _isCompleted;

    public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_isCompleted)
        {
            return;
        }

        var waiter = new Waiter(timeout, cancellationToken);
        _waiting.Add(waiter);
        if (!await waiter.Task)
        {
            throw new TimeoutException();
        }
    }

    public void Complete()
    {
        if (!_isCompleted)
        {
            _isCompleted = true;
            _waiting.ForEach(static waiter => waiter.Wake());
        }
    }
}
