using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SmartCache.Engines;

/// <summary>A server run from programs on this machine, on a folder and a port of its own.</summary>
internal sealed class LocalServer : EngineServer
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly EngineRelease _engine;
    private readonly Site _site;
    private readonly EngineOptions _options;
    private readonly Login _login;
    private int _port = FreePort.Next();
    private int? _processId;

    private LocalServer(EngineRelease engine, Site site, EngineOptions options, Login login)
        : base(engine, site.Installation.Origin)
    {
        _engine = engine;
        _site = site;
        _options = options;
        _login = login;
    }

    public override string ConnectionString => _engine.ConnectionString(_login, _port);

    public override string DataFolder => _site.DataFolder;

    public override string? Disk => _options.DiskSize is null ? null : _site.DataFolder;

    public override int ProcessId => _processId ?? throw new InvalidOperationException($"The {_engine.Title} server is stopped.");

    public static async Task<LocalServer> StartAsync(
        EngineRelease engine,
        Installation installation,
        EngineOptions options,
        CancellationToken cancellationToken,
        Login? login = null)
    {
        var site = await Site.OpenAsync(
            installation,
            engine.Name,
            engine.Accounts,
            engine.EndSignal,
            engine.TidyCommand,
            options.Environment,
            options.DiskSize);
        var server = new LocalServer(engine, site, options, login ?? Login.New());
        try
        {
            await engine.InitializeAsync(site, server._login, cancellationToken);
            for (var attempt = 1; !await server.TryLaunchAsync(attempt == Attempts, cancellationToken); attempt++)
                server._port = FreePort.Next();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public override Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(_processId is { } processId && ProcessTable.IsRunning(processId));

    public override async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (_processId is not { } processId)
            return;

        if (ProcessTable.IsRunning(processId))
        {
            // Frozen, it starts no further children while the ones it has are looked up.
            await _site.SignalAsync("STOP", processId);
            await UntilAsync(() => ProcessTable.IsFrozen(processId), cancellationToken);
            int[] all = [processId, .. ProcessTable.ChildrenOf(processId)];
            await _site.SignalAsync("KILL", all);
            await UntilAsync(() => !all.Any(ProcessTable.IsRunning), cancellationToken);
        }

        await _site.ReapAsync();
        _processId = null;
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_processId is not { } processId)
            return;

        if (ProcessTable.IsRunning(processId))
        {
            await _site.SignalAsync(_engine.StopSignal, processId);
            await UntilAsync(() => !ProcessTable.IsRunning(processId), cancellationToken);
        }

        await _site.ReapAsync();
        _processId = null;
    }

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        for (var attempt = 1; !await TryLaunchAsync(attempt == Attempts, cancellationToken); attempt++)
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _processId = null;
    }

    /// <summary>Returns false when the server did not start for a reason that may be over at the next attempt.</summary>
    private async Task<bool> TryLaunchAsync(bool isLast, CancellationToken cancellationToken)
    {
        var logged = _site.LogLength();
        var processId = await _site.StartServerAsync(
            [.. _engine.ServerCommand(_site), .. Disk is null ? [] : _engine.SmallDiskSettings, .. _options.ServerArguments, $"--port={_port}"]);
        _processId = processId;

        var isReady = await Readiness.WaitAsync(
            _engine, _login, _port, () => Task.FromResult(ProcessTable.IsRunning(processId)), _options.StartTimeout, cancellationToken);
        if (isReady)
            return true;

        var hasEnded = !ProcessTable.IsRunning(processId);
        await KillAsync(cancellationToken);
        var said = _site.ReadLog(logged);
        if (hasEnded && !isLast && IsPassing(said))
            return false;

        var failure = hasEnded ? "ended while it started" : $"did not answer within {_options.StartTimeout}";
        throw new EngineFailedException($"The {_engine.Title} server {Origin} {failure}. Its log says last:\n{LastLines.Of(said)}");
    }

    /// <summary>Whether the log speaks of a port that was taken meanwhile, or of a predecessor's processes that still end.</summary>
    private static bool IsPassing(string log) =>
        log.Contains("Address already in use", StringComparison.Ordinal)
        || log.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    private async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(Pause, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > _options.StartTimeout)
                throw new EngineFailedException($"The {_engine.Title} server does not end.");
        }
    }
}

/// <summary>Finds a port on the loopback address that nobody listens on.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections: a server that is down for a moment must not lose
    // its port to a client, least of all to the one that tries to reach it and ends up connected to itself.
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
