using System.Net;
using System.Net.Sockets;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>
/// Ports for processes that are killed and come back on the same port. They lie below those that the system gives to outgoing
/// connections, so that none is taken while nobody listens on it.
/// </summary>
public static class FreePorts
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                var port = Random.Shared.Next(15_000, 32_000);
                if (IsFree(port) && Given.Add(port))
                    return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
