using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SmartCache.Simulation;

namespace SmartCache;

/// <summary>Replaces the system's type, whose waiters continue on the thread pool. Here each continues in a step, in the order of arrival.</summary>
internal sealed class SemaphoreSlim(int initialCount, int maxCount = int.MaxValue)
{
    private readonly LinkedList<Waiter> _waiting = [];
    private int _count = initialCount;

    public async Task WaitAsync(CancellationToken cancellationToken) => await WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Wait(TimeSpan.Zero, cancellationToken))
            return true;

        if (timeout == TimeSpan.Zero)
            return false;

        var waiter = new Waiter(timeout, cancellationToken);
        var place = _waiting.AddLast(waiter);
        try
        {
            return await waiter.Task;
        }
        finally
        {
            if (place.List is not null)
                _waiting.Remove(place);
        }
    }

    public void Wait(CancellationToken cancellationToken) => Wait(Timeout.InfiniteTimeSpan, cancellationToken);

    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_count > 0)
        {
            _count--;
            return true;
        }

        return timeout == TimeSpan.Zero ? false : throw World.Current.NotSimulated("a synchronous caller that waits, and with it the only thread");
    }

    public void Release()
    {
        if (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.Grant();
        }
        else if (++_count > maxCount)
        {
            throw new System.Threading.SemaphoreFullException();
        }
    }
}

/// <summary>Replaces the system's type, whose continuations run on the thread pool. Here each is a step.</summary>
internal sealed class TaskCompletionSource
{
    public TaskCompletionSource(TaskCreationOptions options)
    {
        if (options != TaskCreationOptions.RunContinuationsAsynchronously)
            throw World.Current.NotSimulated("continuations that run at once");
    }

    public Completion Task { get; } = new();

    public void TrySetResult()
    {
        World.Current.Trace.Add(Actor.Current, "lets another go on");
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
            return;

        var waiter = new Waiter(timeout, cancellationToken);
        _waiting.Add(waiter);
        try
        {
            if (!await waiter.Task)
                throw new TimeoutException();
        }
        catch (OperationCanceledException)
        {
            World.Current.Trace.Add(Actor.Current, "waits for another no longer");
            throw;
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

/// <summary>Replaces the system's type. What is queued belongs to no caller: here it is a step of the node's own.</summary>
internal static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem<TState>(Action<TState> work, TState state, bool preferLocal)
    {
        World.Current.Agenda.Add(Actor.Current.Node!.Actor, "carries on", () => work(state));
        return true;
    }
}

/// <summary>Replaces Polly's builder, from which the product by default wants only retries.</summary>
public sealed class ResiliencePipelineBuilder
{
    private RetryStrategyOptions? _retry;

    public void AddRetry(RetryStrategyOptions options) => _retry = options;

    public void AddCircuitBreaker(CircuitBreakerStrategyOptions options) => throw World.Current.NotSimulated("a circuit breaker");

    public ResiliencePipeline Build() => new(_retry!);
}

/// <summary>Replaces Polly's pipeline, which waits by the system's clock and is cancelled on the thread pool. Retries as its options say.</summary>
public sealed class ResiliencePipeline(RetryStrategyOptions retry)
{
    public async ValueTask<TResult> ExecuteAsync<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<TResult>> callback, ResilienceContext context, TState state)
    {
        for (var attempt = 0; ; attempt++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await callback(context, state);
            }
            catch (Exception exception)
            {
                var outcome = Outcome.FromException<object>(exception);
                if (attempt == retry.MaxRetryAttempts || !await retry.ShouldHandle(new RetryPredicateArguments<object>(context, outcome, attempt)))
                    throw;
            }

            // Waits until the delay is over.
            await new Waiter(Delay(attempt), context.CancellationToken).Task;
        }
    }

    public TResult Execute<TResult, TState>(Func<ResilienceContext, TState, TResult> callback, ResilienceContext context, TState state) =>
        throw World.Current.NotSimulated("a synchronous caller that tries again");

    private TimeSpan Delay(int attempt)
    {
        var delay = retry.Delay * Math.Pow(2, attempt) * (0.5 + World.Current.Random.NextDouble());
        return delay < retry.MaxDelay ? delay : retry.MaxDelay.GetValueOrDefault();
    }
}

/// <summary>Replaces the system's random numbers by those of a schedule's seed.</summary>
internal static class Random
{
    public static System.Random Shared => World.Current.Random;
}
