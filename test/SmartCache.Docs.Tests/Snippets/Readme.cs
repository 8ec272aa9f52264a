using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of README.md, compiled.</summary>
internal static class Readme
{
    public static void FirstLook(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSmartSqliteCache("Data Source=sessions.db");
        builder.Services.AddSession();
        var app = builder.Build();
        app.UseSession();
        app.MapGet("/add/{item}", (string item, HttpContext context) => context.Session.SetString(item, "in the cart"));
    }

    public static void Logout(WebApplication app) =>
        app.MapPost("/logout", (HttpContext context) => context.AbandonSession());

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

    public static void Options(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartSqliteCache(options =>
        {
            options.ConnectionString = "Data Source=sessions.db";
            options.RefreshMode = RefreshMode.Immediate;
        });
        builder.Services.AddSmartSqliteCache(builder.Configuration.GetSection("SmartCache"));
    }
}
