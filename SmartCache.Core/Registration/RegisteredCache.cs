using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmartCache.Connections;
using SmartCache.Sql;

namespace SmartCache.Registration;

/// <summary>A provider's only cache of a name in a container, however often it was registered.</summary>
/// <param name="name">The key of a keyed cache, which is also the name of its options; null for the cache without a key.</param>
internal sealed class RegisteredCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IServiceProvider services, string? name, Func<TOptions, SqlDialect> dialect, Func<TOptions, ConnectionSource> connect)
    where TOptions : SmartCacheOptions
{
    private readonly Lock _lock = new();
    private SmartDistributedCache? _cache;

    public SmartDistributedCache Cache
    {
        get
        {
            lock (_lock)
                return _cache ??= Create();
        }
    }

    private SmartDistributedCache Create()
    {
        var options = services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);

        // What a data source runs in the background must not belong to the request that happens to come first.
        using var suppression = ExecutionContext.SuppressFlow();
        return new SmartDistributedCache(
            options,
            dialect(options),
            connect(options),
            services.GetService<IHttpContextAccessor>(),
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>(),
            services.GetService<IDataProtectionProvider>(),
            services.GetService<IMeterFactory>(),
            name);
    }
}
