using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SmartCache.Engines;

/// <summary>A server that was started for the caller.</summary>
internal abstract class OwnedServer(EngineRelease engine, EngineOptions options, Login login, string origin) : EngineServer(engine, origin)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan GreetingTimeout = TimeSpan.FromSeconds(2);

    public override string ConnectionString => Engine.ConnectionString(login, Port);
    public override int ProcessId => RunningId ?? throw new InvalidOperationException($"The {Engine.Title} server is stopped.");
    protected EngineOptions Options => options;
    protected Login Login => login;
    protected int Port { get; set; }

    /// <summary>The main process; null if the server is stopped.</summary>
    protected int? RunningId { get; set; }

    public override async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (await IsRunningAsync(cancellationToken))
            await KillAllAsync(cancellationToken);
        await EndAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (await IsRunningAsync(cancellationToken))
            await SignalAsync(Engine.StopSignal, cancellationToken);
        await EndAsync(cancellationToken);
    }

    protected abstract Task SignalAsync(string signal, CancellationToken cancellationToken);

    /// <summary>Kills all processes of the server at once.</summary>
    protected abstract Task KillAllAsync(CancellationToken cancellationToken);

    /// <summary>Releases what is kept of a server that has ended.</summary>
    protected virtual Task ReapAsync() => Task.CompletedTask;

    /// <summary>Returns true once the server greets a client, and false if it has ended or the time is over.</summary>
    protected async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (await IsRunningAsync(cancellationToken) && Stopwatch.GetElapsedTime(start) < options.StartTimeout)
        {
            // An answer comes from this server only if it still runs: it ends when another program holds its port.
            if (await GreetsAsync(cancellationToken) && await IsRunningAsync(cancellationToken))
                return true;

            await Task.Delay(Pause, cancellationToken);
        }

        return false;
    }

    protected async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(Pause, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > options.StartTimeout)
                throw new EngineFailedException($"The {Engine.Title} server does not end.");
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        await UntilAsync(async () => !await IsRunningAsync(cancellationToken), cancellationToken);
        if (RunningId is not null)
            await ReapAsync();
        RunningId = null;
    }

    private async Task<bool> GreetsAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(GreetingTimeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
            return await Engine.GreetsAsync(client.GetStream(), login, limit.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
