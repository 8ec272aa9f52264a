using Microsoft.Extensions.Diagnostics.HealthChecks;
using SmartCache;
using SmartCache.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the cache's health check.</summary>
public static class SmartCacheHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of the cache. It fails if the database cannot be reached, if the table is missing or cannot be used, if touches
    /// have not been written for a minute, or if no sweep has ended for three intervals and a minute.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check; null for <c>smartcache</c>, or <c>smartcache:key</c> for a keyed cache.</param>
    /// <param name="key">The key of a keyed cache; null for the cache without a key.</param>
    /// <param name="failureStatus">What a failed check reports; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags by which checks are filtered, such as <c>ready</c>.</param>
    /// <param name="timeout">How long the check may take; null for no limit but that of the retries.</param>
    public static IHealthChecksBuilder AddSmartCache(
        this IHealthChecksBuilder builder, string? name = null, string? key = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? (key is null ? "smartcache" : $"smartcache:{key}"),
            services => new SmartCacheHealthCheck(
                key is null ? services.GetRequiredService<SmartDistributedCache>() : services.GetRequiredKeyedService<SmartDistributedCache>(key)),
            failureStatus,
            tags,
            timeout));
    }
}
