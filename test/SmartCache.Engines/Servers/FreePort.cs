using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SmartCache.Engines.Servers;

/// <summary>Finds a port on the loopback address that nobody listens on.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections: a server that is down for a moment must not lose
    // its port to a client, least of all to the one that tries to reach it and ends up connected to itself.
    private const int First = 10_240;
    private const int Last = 32_767;

    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last + 1);
            if (IsFree(port))
                return port;
        }
    }

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
