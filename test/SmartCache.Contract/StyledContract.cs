using Microsoft.AspNetCore.DataProtection;

namespace SmartCache.Contract;

/// <summary>A contract that holds for synchronous and asynchronous callers alike.</summary>
[StyleVariants(differ: false)]
public abstract class StyledContract<TEngine>(CallStyle style) : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private Node? _node;

    protected CallStyle Style => style;

    /// <summary>The node most tests need no second one beside.</summary>
    protected Node Node => _node ??= NewNode();
    protected StyledCache Cache => Node.Cache;

    [TearDown]
    public void ForgetNode() => _node = null;

    /// <summary>One more cache, on the fixture's table and with the test's clock unless it is given others.</summary>
    protected Node NewNode(
        Action<SmartCacheOptions>? configure = null,
        TimeProvider? time = null,
        LogLevel sessionLevel = LogLevel.Warning,
        IDataProtectionProvider? keyRing = null,
        Func<CacheConnections, CacheConnections>? intercept = null,
        RawTable? table = null) =>
        Owned(new Node(Engine, (table ?? Table).Name, time ?? Time, style, Configure + configure, sessionLevel, intercept, keyRing));

    /// <summary>Makes <see cref="Node"/> one with options of the test's own.</summary>
    protected void Use(Action<SmartCacheOptions> configure, LogLevel sessionLevel = LogLevel.Warning) => _node = NewNode(configure, sessionLevel: sessionLevel);

    /// <summary>Makes <see cref="Node"/> one with something between the cache and its connections.</summary>
    protected void Use(Func<CacheConnections, CacheConnections> intercept, Action<SmartCacheOptions>? configure = null) =>
        _node = NewNode(configure, intercept: intercept);

    protected virtual void Configure(SmartCacheOptions options)
    {
    }
}
