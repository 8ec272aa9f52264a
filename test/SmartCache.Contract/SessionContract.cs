using Microsoft.AspNetCore.Http;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Requests;

namespace SmartCache.Contract;

/// <summary>A contract about sessions: it holds in both concurrency modes.</summary>
[SessionVariants(differ: false)]
public abstract class SessionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    /// <summary>The session key of the test.</summary>
    protected string Key { get; private set; } = null!;

    [SetUp]
    public void ChooseKey() => Key = SimulatedRequest.NewKey();

    protected override void Configure(SmartCacheOptions options) => options.Concurrency = mode;

    /// <summary>A request with the test's session key.</summary>
    protected SimulatedRequest Begin(Node? node = null) => new(node ?? Node, Key);

    /// <summary>A request that has loaded its session.</summary>
    protected async Task<SimulatedRequest> LoadedAsync(Node? node = null)
    {
        var request = Begin(node);
        await request.LoadAsync();
        return request;
    }

    /// <summary>A whole request that does one thing.</summary>
    protected async Task RequestAsync(Func<SimulatedRequest, Task> what, Node? node = null)
    {
        var request = Begin(node);
        await what(request);
        await request.EndAsync();
    }

    /// <summary>A whole request that sets entries.</summary>
    protected Task StoreAsync(params (string Name, string Value)[] entries) => RequestAsync(async request =>
    {
        foreach (var (name, value) in entries)
        {
            await request.SetAsync(name, value);
        }
    });

    /// <summary>What a request does that logs out and nothing else.</summary>
    protected static Task AbandonAsync(SimulatedRequest request)
    {
        request.Context.AbandonSession();
        return Task.CompletedTask;
    }
}
