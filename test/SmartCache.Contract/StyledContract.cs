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
    public async Task EndNode()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
            _node = null;
        }
    }

    /// <summary>One more cache on the table, with the test's clock unless it is given one of its own.</summary>
    protected Node NewNode(
        Action<SmartCacheOptions>? configure = null,
        TimeProvider? time = null,
        LogLevel sessionLevel = LogLevel.Warning,
        IDataProtectionProvider? keyRing = null) =>
        Owned(new Node(Engine, Table.Name, time ?? Time, style, Configure + configure, sessionLevel, keyRing: keyRing));

    /// <summary>Has <see cref="Node"/> be one with options of the test's own.</summary>
    protected void Use(Action<SmartCacheOptions> configure, LogLevel sessionLevel = LogLevel.Warning) => _node = NewNode(configure, sessionLevel: sessionLevel);

    /// <summary>Has <see cref="Node"/> be one with something between the cache and its connections.</summary>
    protected void Use(Func<CacheConnections, CacheConnections> intercept) =>
        _node = Owned(new Node(Engine, Table.Name, Time, style, Configure, intercept: intercept));

    /// <summary>What the fixture sets on every node.</summary>
    protected virtual void Configure(SmartCacheOptions options)
    {
    }
}
