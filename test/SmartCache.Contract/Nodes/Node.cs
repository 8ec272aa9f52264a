using Microsoft.AspNetCore.DataProtection;
using SmartCache.Sql;

namespace SmartCache.Contract.Nodes;

/// <summary>A web server as the cache sees it: services, a clock, a log, and one cache.</summary>
public sealed class Node : IAsyncDisposable
{
    private static readonly IDataProtectionProvider SharedKeyRing = new EphemeralDataProtectionProvider();

    private readonly ServiceProvider _services;

    public Node(
        TestEngine engine,
        string table,
        TimeProvider time,
        CallStyle style,
        Action<SmartCacheOptions>? configure = null,
        LogLevel sessionLevel = LogLevel.Warning,
        Func<CacheConnections, CacheConnections>? intercept = null,
        IDataProtectionProvider? keyRing = null)
    {
        SmartCacheOptions configured = null!;
        keyRing ??= SharedKeyRing;
        var services = new ServiceCollection().AddSingleton(time).AddSingleton(keyRing);
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Trace)
            .AddFilter("Microsoft.AspNetCore.Session", sessionLevel)
            .AddProvider(Logs));
        engine.AddCache(services, table, options =>
        {
            // Nothing is removed behind a test's back.
            options.ExpiredRemovalInterval = null;
            configure?.Invoke(options);
            configured = options;
        });
        _services = services.BuildServiceProvider();
        Style = style;
        Inner = _services.GetRequiredService<SmartDistributedCache>();
        if (intercept is not null)
        {
            var connections = intercept(new CacheConnections(Inner.Connections)).Source;
            Inner = new SmartDistributedCache(configured, Inner.Dialect, connections, Accessor, time, Loggers, keyRing);
        }

        Cache = new StyledCache(Inner, style);
    }

    public CallStyle Style { get; }
    public SmartDistributedCache Inner { get; }
    public StyledCache Cache { get; }
    public CapturedLogs Logs { get; } = new();
    public SqlDialect Dialect => Inner.Dialect;
    public IHttpContextAccessor Accessor => _services.GetRequiredService<IHttpContextAccessor>();
    public ILoggerFactory Loggers => _services.GetRequiredService<ILoggerFactory>();

    public async ValueTask DisposeAsync()
    {
        // By the real clock: the cache's own limit is by the test's.
        await Inner.DisposeAsync().AsTask().WaitAsync(Patience.Limit);
        await _services.DisposeAsync();
    }
}
