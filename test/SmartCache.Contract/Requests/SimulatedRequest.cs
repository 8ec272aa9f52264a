using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;

namespace SmartCache.Contract.Requests;

/// <summary>A request with the stock session, driven step by step as the middleware does. Several may run at once on one thread.</summary>
public sealed class SimulatedRequest
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(20);

    private readonly Node _node;

    public SimulatedRequest(Node node, string key, TimeSpan? idleTimeout = null)
    {
        _node = node;
        Session = new DistributedSessionStore(node.Cache, node.Loggers)
            .Create(key, idleTimeout ?? IdleTimeout, Timeout.InfiniteTimeSpan, static () => true, isNewSessionKey: false);
        Context.Features.Set<ISessionFeature>(new SessionFeature { Session = Session });
    }

    public DefaultHttpContext Context { get; } = new();
    public ISession Session { get; }

    public static async Task SaveAsync(Node node, string key, string name, string value = "")
    {
        var request = new SimulatedRequest(node, key);
        await request.SetAsync(name, value);
        await request.EndAsync();
    }

    /// <summary>The key a session gets from the stock middleware.</summary>
    public static string NewKey() => Guid.NewGuid().ToString();

    public async Task<ISession> LoadAsync()
    {
        Enter();
        if (_node.Style == CallStyle.Asynchronous)
            await Session.LoadAsync();

        // In the other style the first look at the session loads it.
        return Session.IsAvailable ? Session : throw new InvalidOperationException("The session could not be loaded.");
    }

    public async Task<string?> GetAsync(string name) =>
        (await LoadAsync()).TryGetValue(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    public async Task SetAsync(string name, string value) => (await LoadAsync()).Set(name, Encoding.UTF8.GetBytes(value));

    public async Task RemoveAsync(string name) => (await LoadAsync()).Remove(name);

    public async Task ClearAsync() => (await LoadAsync()).Clear();

    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        Enter();
        return Session.CommitAsync(cancellationToken);
    }

    /// <summary>The request comes to its end. A failing commit, which the middleware logs and swallows, is thrown here.</summary>
    public async Task EndAsync()
    {
        Enter();
        Context.Features.Set<ISessionFeature>(null);
        await Session.CommitAsync();
        _node.Accessor.HttpContext = null;
    }

    public async Task RunAsync(Func<StyledCache, Task> code)
    {
        Enter();
        await code(_node.Cache);
    }

    // Ambient, so it is set anew before each step: other requests of the test have had the thread meanwhile.
    private void Enter() => _node.Accessor.HttpContext = Context;
}
