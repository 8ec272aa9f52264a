using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCache.Contract.Web.Hosting;
using SmartCache.Engines;

namespace SmartCache.SecondProcess.Crashing;

/// <summary>The app as a browser sees it. One process listens with and without the commit before the response, each over both protocols.</summary>
public static class BrowsedApp
{
    /// <summary>The answer to a request that is not a redirect has two parts.</summary>
    private const string Part = "A part of the page.";

    /// <summary>Whether sessions are committed before the response, and the server, in the order of the addresses that the process writes.</summary>
    public static IReadOnlyList<(bool IsOn, WebServer Server)> Listeners { get; } =
        [(true, WebServer.Kestrel), (true, WebServer.KestrelHttp2), (false, WebServer.Kestrel), (false, WebServer.KestrelHttp2)];

    /// <summary>Writes a line for each address, and listens until the input is closed.</summary>
    public static async Task RunAsync(string engine, string connectionString)
    {
        var apps = new List<WebApp>();
        foreach (var (isOn, server) in Listeners)
        {
            apps.Add(await WebApp.StartAsync(
                services => EngineFamily.Of(engine).AddCache(services, options => (options.ConnectionString, options.CommitBeforeResponse) = (connectionString, isOn)),
                TimeProvider.System,
                new WebSetUp { Server = server, Endpoints = static endpoints => endpoints.MapGet("/visit", VisitAsync) }));
        }

        apps.ForEach(static app => Console.WriteLine(app.Address));
        await Console.In.ReadToEndAsync();
        foreach (var app in apps)
            await app.DisposeAsync();
    }

    /// <summary>Sets an entry some time after the session was loaded, and redirects or answers with a page that takes some time.</summary>
    private static async Task VisitAsync(HttpContext context, string entry, int before, int after, bool redirects)
    {
        // Apps load by both ways, and a session that is not available would swallow the entry.
        if (before % 2 == 0)
            await context.Session.LoadAsync();
        else if (!context.Session.IsAvailable)
            throw new InvalidOperationException("The session is not available.");

        await Task.Delay(before);
        context.Session.SetString(entry, entry);
        if (redirects)
        {
            context.Response.Redirect("/");
            return;
        }

        await context.Response.WriteAsync(Part);
        await Task.Delay(after);
        await context.Response.WriteAsync(Part);
    }
}
