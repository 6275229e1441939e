using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>
/// What PostgreSQL sees of a writer whose process was stopped in the middle of a message: the statement has been carried out, its locks
/// are held, and the Sync that would commit it does not come.
/// </summary>
public sealed class HalfStatement : IDisposable
{
    private readonly TcpClient tcp;
    private readonly NetworkStream stream;

    private HalfStatement(TcpClient tcp)
    {
        this.tcp = tcp;
        stream = tcp.GetStream();
    }

    /// <summary>Returns once the statement has been carried out.</summary>
    /// <param name="user">Who comes without a password.</param>
    public static async Task<HalfStatement> SendAsync(int port, string user, string statement)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        var half = new HalfStatement(tcp);
        // Frontend protocol 3.0: start-up; then Parse, Bind, Execute, Flush.
        await half.SendAsync(
            null,
            [0, 3, 0, 0, .. Words("user", user, "database", "threadkeep", "application_name", "threadkeep-writer", "")]
        );
        await half.HearsAsync('Z');
        await half.SendAsync('P', [.. Words("", statement), 0, 0]);
        await half.SendAsync('B', [.. Words("", ""), 0, 0, 0, 0, 0, 0]);
        await half.SendAsync('E', [.. Words(""), 0, 0, 0, 0]);
        await half.SendAsync('H', []);
        await half.HearsAsync('C');
        return half;
    }

    /// <summary>Waits until the server has ended it.</summary>
    public async Task IsEndedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[1_024];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) > 0) { }
        }
        catch (IOException)
        {
            // Reset, which is an end too.
        }
    }

    public void Dispose() => tcp.Dispose();

    private static byte[] Words(params string[] words) => [.. words.SelectMany(w => Encoding.UTF8.GetBytes(w + "\0"))];

    private async Task SendAsync(char? type, byte[] body)
    {
        var message = new byte[(type is null ? 4 : 5) + body.Length];
        if (type is not null)
            message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(type is null ? 0 : 1), body.Length + 4);
        body.CopyTo(message, message.Length - body.Length);
        await stream.WriteAsync(message);
    }

    private async Task HearsAsync(char type)
    {
        var head = new byte[5];
        do
        {
            await stream.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await stream.ReadExactlyAsync(body);
            if (head[0] == 'E')
                throw new InvalidOperationException(Encoding.UTF8.GetString(body));
        } while (head[0] != type);
    }
}
