using System.Net;
using Microsoft.AspNetCore.DataProtection;
using SmartCache.Engines;

namespace RaceLab.Racing;

/// <summary>One of the two apps, on a port and a table of its own, and the visitor that races its requests.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly LabEngine _engine;
    private readonly WebApplication _app;

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

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>
    /// Races that many requests of a new session, each of which sets an entry of its own, and looks what is left. Then sends
    /// one quiet request of each kind.
    /// </summary>
    public async Task<RoundResult> RaceAsync(int requests, CancellationToken cancellationToken)
    {
        // A new visitor: the client keeps the session's cookie, and opens as many connections as there are requests.
        using var visitor = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
        await SetAsync("start", "0");
        var entries = Enumerable.Range(1, requests).ToDictionary(i => $"entry-{i}", i => $"{i}");

        var (acknowledged, racing) = await CountAsync(() => Task.WhenAll(entries.Select(entry => SetAsync(entry.Key, entry.Value))));
        var (saved, reading) = await CountAsync(() => visitor.GetFromJsonAsync<Dictionary<string, string>>("entries", cancellationToken));
        var (_, changing) = await CountAsync(() => SetAsync("alone", "0"));
        var (_, untouched) = await CountAsync(() => visitor.GetStringAsync("ping", cancellationToken));

        var fates = entries.Zip(acknowledged, (entry, isAcknowledged) =>
            new EntryFate(entry.Key, isAcknowledged, saved!.GetValueOrDefault(entry.Key) == entry.Value));
        return new RoundResult([.. fates], new RequestCosts(racing, changing, reading, untouched));

        async Task<bool> SetAsync(string name, string value)
        {
            try
            {
                using var response = await visitor.PostAsync($"entries/{name}?value={value}", null, cancellationToken);
                return response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        async Task<(TResult Result, Counts Cost)> CountAsync<TResult>(Func<Task<TResult>> send)
        {
            var before = await _engine.CountAsync(Kind, cancellationToken);
            var result = await send();
            return (result, await _engine.CountAsync(Kind, cancellationToken) - before);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What all hosts of the laboratory share.</summary>
internal static class LabHost
{
    /// <summary>Kestrel on a free port of this machine.</summary>
    public const string AnyPort = "http://127.0.0.1:0";

    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder();

        // The output stream belongs to the results. At level Information the session middleware would also read every
        // session once more before saving it.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // No warning that it listens elsewhere than the environment says, and one sentence if a host cannot start.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // The keys that protect session cookies stay in memory: by default they are a file in the user's home.
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        return builder;
    }
}
