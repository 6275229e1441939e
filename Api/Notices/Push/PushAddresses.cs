using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace Threadkeep.Notices.Push;

/// <summary>Pushing to browsers.</summary>
public sealed class PushOptions
{
    /// <summary>
    /// Push services on this machine and in its networks, and without encryption. For tests alone: what a browser calls its push service
    /// is a stranger's word, and this would let it make us call whatever we can reach.
    /// </summary>
    public bool AllowPrivateHosts { get; set; }

    /// <summary>Longest wait for a push service's answer, in seconds (1 to 60).</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;
}

/// <summary>
/// Where pushes may go. A subscription's endpoint is chosen by whoever subscribes: only https, and only to addresses of the public
/// Internet, looked at again at each connection, since a name may mean another address by then.
/// </summary>
public static class PushAddresses
{
    private const int LongestEndpoint = 2_000;

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>Null where a browser's endpoint may not be called.</summary>
    public static Uri? Read(string endpoint, PushOptions options)
    {
        if (
            endpoint.Length > LongestEndpoint
            || !Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            || address.UserInfo.Length > 0
        )
            return null;
        if (options.AllowPrivateHosts)
            return address.Scheme is "http" or "https" ? address : null;
        if (address.Scheme != "https" || !address.IsDefaultPort)
            return null;
        // A name without a dot is one of this network's.
        return IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip)
            ? IsPublic(ip)
                ? address
                : null
            : address.IdnHost.TrimEnd('.').Contains('.')
                ? address
                : null;
    }

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return !NotPublic.Any(n => n.Contains(address));
    }

    /// <summary>Connects to push services: directly, to public addresses alone, and to where a redirect leads never.</summary>
    public static SocketsHttpHandler NewHandler(PushOptions options) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would look the name up once more, and we would not know what it found.
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectCallback = (context, cancellation) =>
                ConnectAsync(context.DnsEndPoint, options.AllowPrivateHosts, cancellation),
        };

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint to,
        bool allowPrivate,
        CancellationToken cancellation
    )
    {
        var found = await Dns.GetHostAddressesAsync(to.Host, cancellation);
        IPAddress[] allowed = allowPrivate ? found : [.. found.Where(IsPublic)];
        if (allowed.Length == 0)
            throw new HttpRequestException("The push service has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
