using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Session;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>A client with a cookie jar. The app runs the script of a request behind the stock session middleware.</summary>
public sealed class Browser(WebApp app, HttpClient http, CookieContainer jar)
{
    /// <summary>The session key in the cookie; setting it is like having been given that cookie some time ago.</summary>
    public string Key
    {
        get
        {
            var cookie = jar.GetCookies(app.Address)[SessionDefaults.CookieName] ?? throw new InvalidOperationException("There is no session cookie.");
            var text = Uri.UnescapeDataString(cookie.Value);
            return Encoding.UTF8.GetString(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
        }

        set
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('=');
            jar.Add(app.Address, new Cookie(SessionDefaults.CookieName, Uri.EscapeDataString(text), "/"));
        }
    }

    public bool HasKey => jar.GetCookies(app.Address)[SessionDefaults.CookieName] is not null;

    /// <summary>The value of a cookie; null if the browser does not have it. Setting it is like having been given it.</summary>
    public string? this[string cookie]
    {
        get => jar.GetCookies(app.Address)[cookie]?.Value;
        set => jar.Add(app.Address, new Cookie(cookie, value, "/"));
    }

    public Task<HttpResponseMessage> GetAsync(Uri address, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) =>
        http.GetAsync(address, completion);

    /// <summary>Opens a web socket to the script.</summary>
    public async Task<ClientWebSocket> ConnectAsync(RequestDelegate script)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = jar;
        await socket.ConnectAsync(new UriBuilder(new Uri(app.Address, app.Add(script))) { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    /// <summary>Sends a request that runs the script; what came of it is for the caller to judge.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        RequestDelegate script, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default)
    {
        var path = app.Add(script);
        return await http.GetAsync(path, completion, cancellationToken);
    }

    /// <summary>Sends a request that runs the script and is answered with success; an exception of the script is thrown here.</summary>
    public async Task<T> RunAsync<T>(Func<HttpContext, Task<T>> script)
    {
        var outcome = new TaskCompletionSource<T>();
        using var response = await SendAsync(async context =>
        {
            try
            {
                outcome.SetResult(await script(context));
            }
            catch (Exception exception)
            {
                outcome.SetException(exception);
                throw;
            }
        });
        var result = await outcome.Task;
        response.EnsureSuccessStatusCode();
        return result;
    }

    public Task<T> RunAsync<T>(Func<HttpContext, T> script) => RunAsync(context => Task.FromResult(script(context)));

    public Task RunAsync(Func<HttpContext, Task> script) => RunAsync(async context =>
    {
        await script(context);
        return true;
    });

    public Task RunAsync(Action<HttpContext> script) => RunAsync(context =>
    {
        script(context);
        return Task.CompletedTask;
    });

    /// <summary>Begins a request that loads its session, waits, and runs the script when it is told to go on.</summary>
    public Task<SlowRequest> BeginSlowAsync(Action<HttpContext> script) => BeginSlowAsync(context =>
    {
        script(context);
        return Task.CompletedTask;
    });

    public async Task<SlowRequest> BeginSlowAsync(Func<HttpContext, Task> script)
    {
        var gate = new Gate();
        var response = RunAsync(async context =>
        {
            await context.Session.LoadAsync();
            await gate.PassAsync();
            await script(context);
        });
        await gate.Reached;
        return new SlowRequest(gate, response);
    }
}
