using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmartCache.Storage;

namespace SmartCache.DependencyInjection;

/// <summary>The one cache of a provider in a container, however often it was registered.</summary>
internal sealed class RegisteredCache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IServiceProvider services, Func<TOptions, IServiceProvider, ConnectionSource> connect)
    where TOptions : SmartCacheOptions
{
    private readonly Lock _lock = new();
    private SmartDistributedCache? _cache;

    public SmartDistributedCache Cache
    {
        get
        {
            lock (_lock)
            {
                return _cache ??= Create();
            }
        }
    }

    private SmartDistributedCache Create()
    {
        var options = services.GetRequiredService<IOptions<TOptions>>().Value;

        // What a data source runs in the background does not belong to the request that happens to come first.
        using var suppression = ExecutionContext.SuppressFlow();
        return new SmartDistributedCache(
            options,
            new StorageEngine(options.CreateDialect(), connect(options, services)),
            services.GetService<IHttpContextAccessor>(),
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>(),
            services.GetService<IDataProtectionProvider>());
    }
}
