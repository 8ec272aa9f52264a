using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using SmartCache.Engines;

namespace RaceLab.Racing;

/// <summary>One of the two apps, on a port and a table of its own, and the visitor that races its requests.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly LabEngine _engine;
    private readonly WebApplication _app;

    // A visitor keeps its own cookies, so that one client can be many visitors. It opens as many connections as there are requests.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });

    public Contender(CacheKind kind, LabEngine engine)
    {
        Kind = kind;
        _engine = engine;
        var builder = LabHost.CreateBuilder();
        builder.WebHost.UseUrls(LabHost.AnyPort);
        _app = SessionApp.Create(builder, services => engine.AddCache(kind, services));
    }

    public CacheKind Kind { get; }

    public string Name => Kind == CacheKind.SmartCache ? "SmartCache" : "Last writer wins";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    /// <summary>
    /// Races that many requests of a new session, each setting an entry of its own, and looks what is left; then sends
    /// one quiet request of each kind.
    /// </summary>
    public async Task<RoundResult> RaceAsync(int requests, CancellationToken cancellationToken)
    {
        var browser = new BrowserSession(_client);
        await browser.SetAsync(new SessionEntry("start", "0"), cancellationToken);
        var entries = Enumerable.Range(1, requests).Select(i => new SessionEntry($"entry-{i}", $"{i}")).ToList();

        var (acknowledged, racing) = await CountAsync(() => Task.WhenAll(entries.Select(entry => browser.SetAsync(entry, cancellationToken))));
        var (stored, reading) = await CountAsync(() => browser.ReadAsync(cancellationToken));
        var (_, changing) = await CountAsync(() => browser.SetAsync(new SessionEntry("alone", "0"), cancellationToken));
        var (_, untouched) = await CountAsync(() => browser.PingAsync(cancellationToken));

        var fates = entries.Zip(acknowledged, (entry, isAcknowledged) =>
            new EntryFate(entry.Name, isAcknowledged, stored.GetValueOrDefault(entry.Name) == entry.Value));
        return new RoundResult([.. fates], new RequestCosts(racing, changing, reading, untouched));

        async Task<(TResult Result, Counts Cost)> CountAsync<TResult>(Func<Task<TResult>> send)
        {
            var before = await _engine.CountAsync(Kind, cancellationToken);
            var result = await send();
            return (result, await _engine.CountAsync(Kind, cancellationToken) - before);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What the laboratory's hosts have in common.</summary>
internal static class LabHost
{
    /// <summary>Kestrel on a free port of this machine.</summary>
    public const string AnyPort = "http://127.0.0.1:0";

    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder();

        // The output stream belongs to the results. At level Information the session middleware would also read every
        // session once more before storing it.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // That it listens elsewhere than the environment says is meant, and a host that cannot start is told of in one sentence.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        builder.Services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new MemoryKeys();
            options.XmlEncryptor = new NullXmlEncryptor();
        });
        return builder;
    }
}

/// <summary>Keeps the keys that protect session cookies in memory: by default they are a file in the user's home.</summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly List<XElement> _elements = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_elements)
        {
            return [.. _elements];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_elements)
        {
            _elements.Add(element);
        }
    }
}
