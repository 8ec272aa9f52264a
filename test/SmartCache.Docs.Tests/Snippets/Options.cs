using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Caching.Distributed;
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

    public static void SeveralCaches(WebApplicationBuilder builder)
    {
        builder.Services.AddKeyedSmartPostgresCache("sessions", builder.Configuration.GetSection("Sessions"));
        builder.Services.AddKeyedSmartPostgresCache("pages", builder.Configuration.GetSection("Pages"));
        builder.Services.AddKeyedSmartSqliteCache("parts", "Data Source=parts.db");
    }

    public static void UseOfSeveralCaches(WebApplication app)
    {
        app.MapGet("/pages/{name}", ([FromKeyedServices("pages")] IDistributedCache cache, string name) => cache.GetStringAsync(name));
    }

    public static void SessionsWithKey(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => services.GetRequiredKeyedService<IDistributedCache>("sessions"));
    }

    public static void HybridCacheWithKey(WebApplicationBuilder builder)
    {
        builder.Services.AddHybridCache(options => options.DistributedCacheServiceKey = "parts");
    }

    public static void OwnPipeline(SmartCacheOptions options)
    {
        options.Resilience = pipeline => pipeline
            .AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<DbException>(), MaxRetryAttempts = 2 })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<DbException>() })
            .AddTimeout(TimeSpan.FromSeconds(5));
    }
}
