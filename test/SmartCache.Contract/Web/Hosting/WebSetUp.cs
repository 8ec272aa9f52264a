using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>What a test wants different in its app.</summary>
public sealed record WebSetUp
{
    /// <summary>The app's log level. At Information the stock session reads the cache again before it stores.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    public Action<SmartCacheOptions>? Cache { get; init; }

    public Action<SessionOptions>? Session { get; init; }

    /// <summary>Services registered before the cache.</summary>
    public Action<IServiceCollection>? ServicesBefore { get; init; }

    /// <summary>Services registered after it.</summary>
    public Action<IServiceCollection>? ServicesAfter { get; init; }

    /// <summary>Middleware outside of the session's.</summary>
    public Action<IApplicationBuilder>? Outside { get; init; }

    /// <summary>Middleware inside of the session's.</summary>
    public Action<IApplicationBuilder>? Inside { get; init; }

    public Action<IEndpointRouteBuilder>? Endpoints { get; init; }
}
