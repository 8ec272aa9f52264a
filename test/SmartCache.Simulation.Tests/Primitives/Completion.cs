using SmartCache.Simulation.Scheduling;

namespace SmartCache;

/// <summary>What <see cref="TaskCompletionSource"/> gives in place of a task: as much of one as the product uses.</summary>
internal sealed class Completion
{
    private readonly List<Waiter> _waiting = [];

    public bool IsCompleted { get; private set; }

    public AggregateException? Exception { get; private set; }

    public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!IsCompleted)
        {
            var waiter = new Waiter(timeout, cancellationToken);
            _waiting.Add(waiter);
            if (!await waiter.Task)
            {
                throw new TimeoutException();
            }
        }

        if (Exception is not null)
        {
            throw Exception.InnerException!;
        }
    }

    public bool TryComplete(Exception? exception)
    {
        if (IsCompleted)
        {
            return false;
        }

        IsCompleted = true;
        Exception = exception is null ? null : new AggregateException(exception);
        _waiting.ForEach(waiter => waiter.Wake());
        return true;
    }
}
