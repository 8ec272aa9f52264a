using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SmartCache.Engines;

/// <summary>A server that runs from programs on this machine, with its own folder and port.</summary>
internal sealed class LocalServer : OwnedServer
{
    private const int Attempts = 5;

    private readonly Site _site;

    private LocalServer(EngineRelease engine, Site site, EngineOptions options, Login login)
        : base(engine, options, login, site.Installation.Origin) => _site = site;

    public override string DataFolder => _site.DataFolder;
    public override string? Disk => Options.DiskSize is null ? null : _site.DataFolder;

    public static async Task<LocalServer> StartAsync(
        EngineRelease engine, Installation installation, EngineOptions options, CancellationToken cancellationToken, Login? login = null)
    {
        var site = await Site.OpenAsync(installation, engine, options);
        return await new LocalServer(engine, site, options, login ?? Login.New()).StartedAsync(async server =>
        {
            await engine.InitializeAsync(site, server.Login, cancellationToken);
            var attempt = 0;
            do
            {
                server.Port = FreePort.Next();
            }
            while (!await server.TryLaunchAsync(++attempt == Attempts, cancellationToken));
        });
    }

    public override Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(RunningId is { } processId && ProcessTable.IsRunning(processId));

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        for (var attempt = 1; !await TryLaunchAsync(attempt == Attempts, cancellationToken); attempt++)
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        RunningId = null;
    }

    protected override Task SignalAsync(string signal, CancellationToken cancellationToken) => _site.SignalAsync(signal, ProcessId);

    protected override async Task KillAllAsync(CancellationToken cancellationToken)
    {
        // While it is stopped, it cannot start more children.
        await _site.SignalAsync("STOP", ProcessId);
        await UntilAsync(() => Task.FromResult(ProcessTable.IsFrozen(ProcessId)), cancellationToken);
        int[] all = [ProcessId, .. ProcessTable.ChildrenOf(ProcessId)];
        await _site.SignalAsync("KILL", all);
        await UntilAsync(() => Task.FromResult(!all.Any(ProcessTable.IsRunning)), cancellationToken);
    }

    protected override Task ReapAsync() => _site.ReapAsync();

    /// <summary>Returns false if the server did not start for a reason that may be gone at the next attempt.</summary>
    private async Task<bool> TryLaunchAsync(bool isLast, CancellationToken cancellationToken)
    {
        var logged = _site.LogLength();
        RunningId = await _site.StartServerAsync(
            [.. Engine.ServerCommand(_site), .. Disk is null ? [] : Engine.SmallDiskSettings, .. Options.ServerArguments, $"--port={Port}"]);
        if (await IsReadyAsync(cancellationToken))
            return true;

        var hasEnded = !await IsRunningAsync(cancellationToken);
        await KillAsync(cancellationToken);
        var said = _site.ReadLog(logged);
        if (hasEnded && !isLast && IsPassing(said))
            return false;

        var failure = hasEnded ? "ended while it started" : $"did not answer within {Options.StartTimeout}";
        throw new EngineFailedException($"The {Engine.Title} server {Origin} {failure}. Its log says last:\n{LastLines.Of(said)}");
    }

    /// <summary>Whether the log names a port that is in use, or processes of a predecessor that are still ending.</summary>
    private static bool IsPassing(string log) =>
        log.Contains("Address already in use", StringComparison.Ordinal)
        || log.Contains("pre-existing shared memory block", StringComparison.Ordinal);
}

/// <summary>Finds a port on the loopback address that nobody listens on.</summary>
internal static class FreePort
{
    // Below the ports of outgoing connections: a server that is down for a moment must not lose its port to a client,
    // not even to the client that tries to reach it and connects to itself.
    private const int First = 10_240;
    private const int Last = 32_767;

    private const int Attempts = 1_000;

    public static int Next() => Enumerable.Range(0, Attempts).Select(_ => RandomNumberGenerator.GetInt32(First, Last + 1)).FirstOrDefault(IsFree) is > 0 and var port
        ? port
        : throw new EngineFailedException($"No free port was found between {First} and {Last}.");

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
