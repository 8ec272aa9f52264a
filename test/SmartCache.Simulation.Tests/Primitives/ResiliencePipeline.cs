using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SmartCache.Simulation;

namespace SmartCache;

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
                {
                    throw;
                }
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
