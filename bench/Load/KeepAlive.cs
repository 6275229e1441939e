using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Threadkeep.Bench.Load;

/// <summary>One kept-alive HTTP/1.1 connection over a raw socket: cheap, so that the load takes little from what it measures.</summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly Socket socket;
    private readonly byte[] answer = new byte[16_384];

    private KeepAlive(Socket socket) => this.socket = socket;

    public static async Task<KeepAlive> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new KeepAlive(socket);
    }

    /// <summary>Sends a whole request and waits for its answer, which is short. True: 200.</summary>
    public async Task<bool> PostAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        var have = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(have));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            have += read;
            if (IsWhole(answer.AsSpan(0, have)))
                return answer.AsSpan(0, have).StartsWith("HTTP/1.1 200"u8);
        }
    }

    public void Dispose() => socket.Dispose();

    // An answer has a length or is chunked.
    private static bool IsWhole(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var length = text[..end].IndexOf("Content-Length: "u8);
        if (length < 0)
            return text.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(text[(length + 16)..], out int bytes, out _) && text.Length >= end + 4 + bytes;
    }
}
