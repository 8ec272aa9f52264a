using SmartCache.Simulation;

namespace SmartCache;

/// <summary>Replaces the system's type, whose continuations run on the thread pool. Here each is a step.</summary>
internal sealed class TaskCompletionSource
{
    public TaskCompletionSource(TaskCreationOptions options)
    {
        if (options != TaskCreationOptions.RunContinuationsAsynchronously)
        {
            throw World.Current.NotSimulated("continuations that run at once");
        }
    }

    public Completion Task { get; } = new();

    public void TrySetResult()
    {
        World.Current.Trace.Add(Actor.Current, "lets another save go on");
        Task.Complete();
    }
}

/// <summary>The task of <see cref="TaskCompletionSource"/>, with the members that the product uses.</summary>
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
