using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>An app with the stock session middleware as its makers ship it.</summary>
public sealed class WebApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<int, RequestDelegate> _scripts = [];
    private readonly ConcurrentBag<HttpClient> _clients = [];
    private WebServer _server;
    private int _lastScript;

    private WebApp(WebApplication app, CapturedLogs logs) => (_app, Logs) = (app, logs);

    public CapturedLogs Logs { get; }
    public Uri Address => new(_server == WebServer.InMemory ? "http://localhost" : _app.Urls.Single());
    public IServiceProvider Services => _app.Services;
    public IDistributedCache Cache => Services.GetRequiredService<IDistributedCache>();

    /// <summary>Fails if the app has another cache.</summary>
    public SmartDistributedCache SmartCache => (SmartDistributedCache)Cache;

    public static async Task<WebApp> StartAsync(Action<IServiceCollection> addCache, TimeProvider time, WebSetUp setUp)
    {
        var logs = new CapturedLogs();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(setUp.LogLevel).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (setUp.Server == WebServer.InMemory)
            builder.WebHost.UseTestServer();
        else if (setUp.Server == WebServer.KestrelHttp2)
            builder.WebHost.ConfigureKestrel(static options => options.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));

        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IDataProtectionProvider>(new OpenDataProtection());
        setUp.ServicesBefore?.Invoke(builder.Services);
        addCache(builder.Services);
        builder.Services.AddSession(options => setUp.Session?.Invoke(options));
        setUp.ServicesAfter?.Invoke(builder.Services);

        var app = new WebApp(builder.Build(), logs) { _server = setUp.Server };
        setUp.Outside?.Invoke(app._app);
        app._app.UseSession();
        setUp.Inside?.Invoke(app._app);
        app._app.Map("/scripts/{number:int}", app.RunScriptAsync);
        setUp.Endpoints?.Invoke(app._app);
        await app._app.StartAsync();
        return app;
    }

    /// <summary>A client of its own; without a cookie until it is given one.</summary>
    public Browser NewBrowser()
    {
        var jar = new CookieContainer();
        HttpMessageHandler handler = _server == WebServer.InMemory
            ? new CookieHandler(jar) { InnerHandler = _app.GetTestServer().CreateHandler() }
            : new SocketsHttpHandler { CookieContainer = jar };
        var client = new HttpClient(handler)
        {
            BaseAddress = Address,
            Timeout = Patience.Limit,
            DefaultRequestVersion = _server == WebServer.KestrelHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        _clients.Add(client);
        return new Browser(this, client, jar);
    }

    /// <summary>A client that has the cookie of a session, of which there is nothing in the database yet.</summary>
    public Browser NewBrowserWithKey()
    {
        var browser = NewBrowser();
        browser.Key = Guid.NewGuid().ToString();
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();

        await _app.DisposeAsync();
    }

    /// <returns>Where a request goes that is to run the script.</returns>
    internal Uri Add(RequestDelegate script)
    {
        var number = Interlocked.Increment(ref _lastScript);
        _scripts[number] = script;
        return new Uri($"/scripts/{number}", UriKind.Relative);
    }

    private Task RunScriptAsync(HttpContext context) =>
        _scripts.TryRemove(int.Parse((string)context.Request.RouteValues["number"]!, CultureInfo.InvariantCulture), out var script)
            ? script(context)
            : throw new InvalidOperationException("Each script runs once.");

    /// <summary>Sends the cookies of the jar, as other handlers do by themselves.</summary>
    private sealed class CookieHandler(CookieContainer jar) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("Cookie", jar.GetCookieHeader(request.RequestUri!));
            var response = await base.SendAsync(request, cancellationToken);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [])
                jar.SetCookies(request.RequestUri!, cookie);

            return response;
        }
    }
}

/// <summary>What answers an app's requests.</summary>
public enum WebServer
{
    Kestrel,
    KestrelHttp2,
    InMemory,
}

/// <summary>What a test wants different in its app.</summary>
public sealed record WebSetUp
{
    /// <summary>The app's log level. At Information the stock session reads the cache again before it saves.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
    public WebServer Server { get; init; }
    public Action<SmartCacheOptions>? Cache { get; init; }
    public Action<SessionOptions>? Session { get; init; }
    public Action<IServiceCollection>? ServicesBefore { get; init; }
    public Action<IServiceCollection>? ServicesAfter { get; init; }
    public Action<IApplicationBuilder>? Outside { get; init; }
    public Action<IApplicationBuilder>? Inside { get; init; }
    public Action<IEndpointRouteBuilder>? Endpoints { get; init; }
}

/// <summary>Leaves the session cookie readable: a test knows its key, can give one out, and two processes agree on it.</summary>
public sealed class OpenDataProtection : IDataProtectionProvider, IDataProtector
{
    public IDataProtector CreateProtector(string purpose) => this;

    public byte[] Protect(byte[] plaintext) => plaintext;

    public byte[] Unprotect(byte[] protectedData) => protectedData;
}
