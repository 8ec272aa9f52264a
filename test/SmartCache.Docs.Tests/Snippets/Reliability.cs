using System.Data.Common;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/reliability.md, compiled.</summary>
internal static class Reliability
{
    public static void OwnPipeline(SmartCacheOptions options)
    {
        options.Resilience = pipeline => pipeline
            .AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<DbException>(), MaxRetryAttempts = 2 })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<DbException>() })
            .AddTimeout(TimeSpan.FromSeconds(5));
    }
}
