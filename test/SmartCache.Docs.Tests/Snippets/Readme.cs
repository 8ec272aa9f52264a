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

    public static void OtherDatabases(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartPostgresCache("Host=localhost;Database=shop;Username=shop;Password=…");
        builder.Services.AddSmartMySqlCache("Server=localhost;Database=shop;User ID=shop;Password=…");
    }
}
