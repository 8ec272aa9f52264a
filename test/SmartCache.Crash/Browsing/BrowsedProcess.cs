using System.Diagnostics;
using System.Net;
using SmartCache.Contract.Web.Hosting;
using SmartCache.Contract.Web.Processes;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>The process of the app that browsers visit.</summary>
internal sealed class BrowsedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<Uri> _addresses;

    private BrowsedProcess(Process process, List<Uri> addresses) => (_process, _addresses) = (process, addresses);

    public static async Task<BrowsedProcess> StartAsync(CrashEngine engine)
    {
        var process = NodeProgram.Start("browse", [engine.Name, engine.Database.ConnectionString]);
        var errors = process.StandardError.ReadToEndAsync();
        var addresses = new List<Uri>();
        while (addresses.Count < BrowsedApp.Listeners.Count)
        {
            addresses.Add(await process.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit) is { } address
                ? new Uri(address)
                : throw new InvalidOperationException($"The app did not start: {await errors}"));
        }

        return new BrowsedProcess(process, addresses);
    }

    /// <summary>Clients of the app with and without the commit before the response.</summary>
    public BrowserClients Connect(bool isHttp2)
    {
        var server = isHttp2 ? WebServer.KestrelHttp2 : WebServer.Kestrel;
        return new BrowserClients(NewClient(isOn: true), NewClient(isOn: false));

        HttpClient NewClient(bool isOn) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = _addresses[BrowsedApp.Listeners.ToList().IndexOf((isOn, server))],
            DefaultRequestVersion = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>Kills it, as a crash of the machine would (SIGKILL).</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience.Limit);
        _process.Dispose();
    }
}

/// <summary>A browser for each of the two.</summary>
internal sealed record BrowserClients(HttpClient On, HttpClient Off) : IDisposable
{
    public void Dispose()
    {
        On.Dispose();
        Off.Dispose();
    }
}
