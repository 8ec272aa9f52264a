using System.Net;
using System.Net.Sockets;

namespace SmartCache.Engines;

/// <summary>
/// Stands between a driver and its server, and passes on what they send, encrypted or not.
/// </summary>
public abstract class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    protected TcpRelay(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1 for the driver.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates the listener of one connection.</summary>
    protected abstract IRelayListener Listen();

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
                conversations.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_ending.Token), Listen()));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task RelayAsync(TcpClient driver, IRelayListener listener)
    {
        using var server = new TcpClient();
        using (driver)
        {
            try
            {
                await server.ConnectAsync(_host, _port, _ending.Token);
                driver.NoDelay = server.NoDelay = true;
                await Task.WhenAny(
                    PumpAsync(driver.GetStream(), server.GetStream(), listener.MayPassToServerAsync),
                    PumpAsync(server.GetStream(), driver.GetStream(), listener.MayPassToDriverAsync));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The server refuses, and the driver will see that, or the relay ends.
            }
        }
    }

    /// <summary>Asks before it passes data on, so before the other side can answer.</summary>
    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ValueTask<bool>> mayPassAsync)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _ending.Token) is > 0 and var length && await mayPassAsync())
                await to.WriteAsync(buffer.AsMemory(0, length), _ending.Token);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The conversation is over.
        }
    }
}

/// <summary>Is asked before data passes on a connection, and can delay the data or end the connection.</summary>
public interface IRelayListener
{
    ValueTask<bool> MayPassToServerAsync();

    ValueTask<bool> MayPassToDriverAsync();
}

/// <summary>Counts round trips: how often the driver sends after the server did.</summary>
public sealed class WireTap(string host, int port) : TcpRelay(host, port)
{
    private long _roundTrips;

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    protected override IRelayListener Listen() => new Counter(this);

    private sealed class Counter(WireTap tap) : IRelayListener
    {
        private int _isDriversTurn = 1;

        public ValueTask<bool> MayPassToServerAsync()
        {
            Interlocked.Add(ref tap._roundTrips, Interlocked.Exchange(ref _isDriversTurn, 0));
            return new(true);
        }

        public ValueTask<bool> MayPassToDriverAsync()
        {
            Interlocked.Exchange(ref _isDriversTurn, 1);
            return new(true);
        }
    }
}
