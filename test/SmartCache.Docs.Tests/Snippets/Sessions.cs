using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/sessions.md, compiled.</summary>
internal static class Sessions
{
    public static void Logout(WebApplication app) =>
        app.MapPost("/logout", (HttpContext context) => context.AbandonSession());

    public static void Owners(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartSqliteCache(options =>
        {
            options.ConnectionString = "Data Source=sessions.db";
            options.Owner = static context => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        });
    }

    public static void Devices(WebApplication app)
    {
        app.MapGet("/devices", (ISessionDirectory directory, ClaimsPrincipal user, CancellationToken token) =>
            directory.ListAsync(user.FindFirst(ClaimTypes.NameIdentifier)!.Value, token)).RequireAuthorization();

        app.MapPost("/devices/{reference}/end", (string reference, ISessionDirectory directory, ClaimsPrincipal user) =>
            directory.EndAsync(user.FindFirst(ClaimTypes.NameIdentifier)!.Value, reference)).RequireAuthorization();

        app.MapPost("/devices/end-others", (ISessionDirectory directory, ClaimsPrincipal user) =>
            directory.EndAllAsync(user.FindFirst(ClaimTypes.NameIdentifier)!.Value, exceptCurrent: true)).RequireAuthorization();
    }

    public static void LoadFirst(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            await context.Session.LoadAsync();
            await next(context);
        });
    }

    public static void Polling(WebApplication app)
    {
        app.MapGet("/news", (HttpContext context) =>
        {
            context.SkipSessionRefresh();
            return context.Session.GetInt32("unread") ?? 0;
        });
    }

    public static void MergeRules(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartSqliteCache(options =>
        {
            options.ConnectionString = "Data Source=sessions.db";
            options.Merge.Entry("hits").Add()
                .Entry("highscore").Max()
                .Entry("seen").Union()
                .Entry("cart").MergeJson()
                .Entry("coupon").FirstWriterWins()
                .Entry("level").Use((loaded, mine, theirs) => theirs ?? mine);
        });
    }

    public static void Counter(WebApplication app)
    {
        app.MapGet("/hit", (HttpContext context) =>
            context.Session.SetInt32("hits", (context.Session.GetInt32("hits") ?? 0) + 1));
    }

    public static async Task Save(HttpContext context)
    {
        await context.Session.CommitAsync();
    }
}
