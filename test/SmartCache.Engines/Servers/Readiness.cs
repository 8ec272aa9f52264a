using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SmartCache.Engines;

/// <summary>Waits for a server to be ready for clients.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Returns true once the server greets a client, and false when it has ended or the time is over.</summary>
    public static async Task<bool> WaitAsync(
        EngineRelease engine,
        Login login,
        int port,
        Func<Task<bool>> isRunning,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (await isRunning() && Stopwatch.GetElapsedTime(start) < timeout)
        {
            // Whoever answers is our server only if that still runs: it ends when another holds its port.
            if (await GreetsAsync(engine, login, port, cancellationToken) && await isRunning())
                return true;

            await Task.Delay(Pause, cancellationToken);
        }

        return false;
    }

    private static async Task<bool> GreetsAsync(EngineRelease engine, Login login, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            return await engine.GreetsAsync(client.GetStream(), login, limit.Token);
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
