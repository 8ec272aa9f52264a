using Polly;
using Polly.Retry;
using SmartCache.Simulation;
using SmartCache.Simulation.Scheduling;

namespace SmartCache;

/// <summary>In place of Polly's pipeline, which waits by the system's clock and is cancelled on the thread pool: retries as its options say.</summary>
public sealed class ResiliencePipeline(RetryStrategyOptions retry)
{
    public async ValueTask<TResult> ExecuteAsync<TResult, TState>(
        Func<TState, CancellationToken, ValueTask<TResult>> callback, TState state, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await callback(state, cancellationToken);
            }
            catch (Exception exception)
            {
                if (attempt == retry.MaxRetryAttempts || !await ShouldHandleAsync(exception, attempt))
                {
                    throw;
                }
            }

            // Waiting for nobody: until time is up.
            await new Waiter(Delay(attempt), cancellationToken).Task;
        }
    }

    public TResult Execute<TResult, TState>(Func<TState, CancellationToken, TResult> callback, TState state, CancellationToken cancellationToken) =>
        throw World.Current.NotSimulated("a synchronous caller that tries again");

    private async ValueTask<bool> ShouldHandleAsync(Exception exception, int attempt)
    {
        var context = ResilienceContextPool.Shared.Get();
        try
        {
            return await retry.ShouldHandle(new RetryPredicateArguments<object>(context, Outcome.FromException<object>(exception), attempt));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan Delay(int attempt)
    {
        var delay = retry.Delay * Math.Pow(2, attempt) * (0.5 + World.Current.Random.NextDouble());
        return delay < retry.MaxDelay ? delay : retry.MaxDelay.GetValueOrDefault();
    }
}
