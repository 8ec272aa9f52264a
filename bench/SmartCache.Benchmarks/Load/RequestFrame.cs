using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;

namespace SmartCache.Benchmarks.Load;

/// <summary>What the stock middleware puts around the calls: a context with the session's feature, which it takes away before it commits.</summary>
internal sealed class RequestFrame
{
    private static readonly HttpContextAccessor Accessor = new();

    private readonly DefaultHttpContext _context = new();

    public RequestFrame() => _context.Features.Set<ISessionFeature>(new SessionFeature { Session = new StubSession() });

    /// <summary>The code that follows runs in this request.</summary>
    public void Enter() => Accessor.HttpContext = _context;

    /// <summary>The app is done; what follows is the middleware's commit.</summary>
    public void BeginCommit() => _context.Features.Set<ISessionFeature>(null);

    /// <summary>The request is over.</summary>
    public static void Leave() => Accessor.HttpContext = null;
}
