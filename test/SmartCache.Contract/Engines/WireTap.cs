using System.Net;
using System.Net.Sockets;

namespace SmartCache.Contract.Engines;

/// <summary>
/// Stands between a driver and its server and counts round trips: how often the driver speaks after the server did.
/// It needs to understand nothing of what is said, encrypted or not.
/// </summary>
public sealed class WireTap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private long _roundTrips;

    public WireTap(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the driver finds it, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                conversations.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task RelayAsync(TcpClient driver)
    {
        using var server = new TcpClient();
        using (driver)
        {
            try
            {
                await server.ConnectAsync(_host, _port, _ending.Token);
                driver.NoDelay = server.NoDelay = true;
                var isDriversTurn = 1;
                await Task.WhenAny(
                    PumpAsync(driver.GetStream(), server.GetStream(), () => Interlocked.Add(ref _roundTrips, Interlocked.Exchange(ref isDriversTurn, 0))),
                    PumpAsync(server.GetStream(), driver.GetStream(), () => Interlocked.Exchange(ref isDriversTurn, 1)));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The server refuses, which its driver will see, or the tap ends.
            }
        }
    }

    /// <summary>Tells of what was said before the other side can answer it.</summary>
    private async Task PumpAsync(NetworkStream from, NetworkStream to, Action tell)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _ending.Token) is > 0 and var length)
            {
                tell();
                await to.WriteAsync(buffer.AsMemory(0, length), _ending.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The conversation is over.
        }
    }
}
