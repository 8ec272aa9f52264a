using Microsoft.AspNetCore.DataProtection;
using SmartCache.Sql;

namespace SmartCache.Contract.Nodes;

/// <summary>A web server as the cache sees it: services, a clock, a log, and one cache.</summary>
public sealed class Node : IAsyncDisposable
{
    private static readonly IDataProtectionProvider SharedKeyRing = new EphemeralDataProtectionProvider();

    private readonly ServiceProvider _services;

    /// <param name="engine">The engine.</param>
    /// <param name="table">Its table.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="style">How it is called.</param>
    /// <param name="configure">Its options.</param>
    /// <param name="sessionLevel">The log level of the stock session, which reads once more before it saves at Information.</param>
    /// <param name="intercept">Puts something between the cache and its connections.</param>
    /// <param name="keyRing">Its Data Protection; null for the one that all nodes share.</param>
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

    /// <summary>The cache itself.</summary>
    public SmartDistributedCache Inner { get; }

    /// <summary>The cache, called in the fixture's style.</summary>
    public StyledCache Cache { get; }

    public CapturedLogs Logs { get; } = new();

    /// <summary>What the cache knows of the engine.</summary>
    public SqlDialect Dialect => Inner.Dialect;

    public IHttpContextAccessor Accessor => _services.GetRequiredService<IHttpContextAccessor>();

    public ILoggerFactory Loggers => _services.GetRequiredService<ILoggerFactory>();

    public async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        await _services.DisposeAsync();
    }
}
