using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/operations.md.</summary>
internal static class Operations
{
    public static void AddHealthCheck(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddSmartCache();
    }
}
