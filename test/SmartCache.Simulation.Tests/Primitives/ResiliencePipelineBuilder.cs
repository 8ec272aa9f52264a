using Polly.CircuitBreaker;
using Polly.Retry;
using SmartCache.Simulation;

namespace SmartCache;

/// <summary>In place of Polly's builder: by default the product asks it for one thing, retries.</summary>
public sealed class ResiliencePipelineBuilder
{
    private RetryStrategyOptions? _retry;

    public void AddRetry(RetryStrategyOptions options) => _retry = options;

    public void AddCircuitBreaker(CircuitBreakerStrategyOptions options) => throw World.Current.NotSimulated("a circuit breaker");

    public ResiliencePipeline Build() => new(_retry!);
}
