using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SmartCache.Registration;

/// <summary>Whether the cache can use its table, and whether its background work keeps up.</summary>
internal sealed class SmartCacheHealthCheck(SmartDistributedCache cache) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (failed, table) = (context.Registration.FailureStatus, cache.Options.TableName);
        try
        {
            await cache.CheckTableAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The cache itself says what is wrong with a table. All else comes from the driver or the retries.
            var isTableAtFault = exception is InvalidOperationException or NotSupportedException;
            return new HealthCheckResult(
                failed, isTableAtFault ? $"The table {table} cannot be used." : $"The database does not answer about the table {table}.", exception);
        }

        var behind = cache.FindBehind().ToList();
        return behind.Count == 0
            ? HealthCheckResult.Healthy($"The table {table} can be used, and flushing and sweeping keep up.")
            : new HealthCheckResult(failed, string.Join(' ', behind));
    }
}
