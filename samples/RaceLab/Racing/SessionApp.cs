namespace RaceLab.Racing;

/// <summary>
/// The app that races, once per cache: the stock session middleware and three ordinary handlers. In your own app,
/// <c>addCache</c> is <c>builder.Services.AddSmartSqliteCache("Data Source=sessions.db")</c>.
/// </summary>
internal static class SessionApp
{
    public static WebApplication Create(WebApplicationBuilder builder, Action<IServiceCollection> addCache)
    {
        addCache(builder.Services);
        builder.Services.AddSession();

        var app = builder.Build();
        app.UseSession();
        app.MapPost("/entries/{name}", SetEntryAsync);
        app.MapGet("/entries", ReadEntriesAsync);
        app.MapGet("/ping", () => "pong");
        return app;
    }

    private static async Task SetEntryAsync(string name, string value, HttpContext context)
    {
        // Loads the session, all of it.
        await context.Session.LoadAsync(context.RequestAborted);

        // What a handler does: asks a service, renders a page, …
        await Task.Delay(Random.Shared.Next(1, 11), context.RequestAborted);

        // Changes one entry. After the handler, UseSession saves the session, all of it.
        context.Session.SetString(name, value);
    }

    private static async Task ReadEntriesAsync(HttpContext context)
    {
        await context.Session.LoadAsync(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(context.Session.Keys.ToDictionary(name => name, context.Session.GetString), context.RequestAborted);
    }
}
