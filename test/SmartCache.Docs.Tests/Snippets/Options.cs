using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/options.md, compiled.</summary>
internal static class Options
{
    public static void Register(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartSqliteCache(options =>
        {
            options.ConnectionString = "Data Source=sessions.db";
            options.RefreshMode = RefreshMode.Immediate;
        });
        builder.Services.AddSmartSqliteCache(builder.Configuration.GetSection("SmartCache"));
    }

    public static void OwnPipeline(SmartCacheOptions options)
    {
        options.Resilience = pipeline => pipeline
            .AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<DbException>(), MaxRetryAttempts = 2 })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<DbException>() })
            .AddTimeout(TimeSpan.FromSeconds(5));
    }
}
