using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Docs.Tests.Snippets;

/// <summary>The code of docs/quick-start.md, compiled.</summary>
internal static class QuickStart
{
    public static void OnSqlite(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSmartSqliteCache("Data Source=sessions.db");
        builder.Services.AddSession();
        var app = builder.Build();
        app.UseSession();
        app.MapGet("/add/{item}", (string item, HttpContext context) => context.Session.SetString(item, "in the cart"));
        app.Run();
    }

    public static void OnPostgres(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSmartPostgresCache("Host=localhost;Database=shop;Username=shop;Password=…");
        builder.Services.AddSession();
        var app = builder.Build();
        app.UseSession();
        app.MapGet("/add/{item}", (string item, HttpContext context) => context.Session.SetString(item, "in the cart"));
        app.Run();
    }

    public static void OnMySql(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSmartMySqlCache("Server=localhost;Database=shop;User ID=shop;Password=…");
        builder.Services.AddSession();
        var app = builder.Build();
        app.UseSession();
        app.MapGet("/add/{item}", (string item, HttpContext context) => context.Session.SetString(item, "in the cart"));
        app.Run();
    }

    public static void WithRegisteredDataSource(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartPostgresCache(options => options.SchemaName = "web");
    }

    public static void FromConfiguration(WebApplicationBuilder builder)
    {
        builder.Services.AddSmartPostgresCache(builder.Configuration.GetSection("SmartCache"));
    }
}
