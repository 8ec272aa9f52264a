using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/sign-ins.md, compiled.</summary>
internal static class SignIns
{
    public static void Register(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartSqliteCache(options =>
        {
            options.ConnectionString = "Data Source=sessions.db";
            options.Owner = static context => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        });
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddSmartTicketStore();
    }

    public static void SignOutEverywhere(WebApplication app)
    {
        app.MapPost("/sign-out-everywhere", (ISessionDirectory directory, ClaimsPrincipal user) =>
            directory.EndAllAsync(user.FindFirst(ClaimTypes.NameIdentifier)!.Value)).RequireAuthorization();
    }

    public static void Options(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartTicketStore(options =>
        {
            options.CacheName = "sessions";
            options.Schemes.Add(CookieAuthenticationDefaults.AuthenticationScheme);
            options.Owner = static ticket => ticket.Principal.FindFirst("sub")?.Value;
        });
    }
}
