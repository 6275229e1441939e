using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Threadkeep.WhatsApp.Tests.Messages;

/// <summary>A server of bare sockets, because the point is what happens when an HTTP server would behave better than this.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<string> posts = [];
    private readonly Func<int, Stream, Task<bool>> answer;
    private readonly Task accepting;
    private int bytes;
    private int connections;

    /// <param name="answer">Answers the n-th post (from 1); false: the connection is to be closed.</param>
    public RawServer(Func<int, Stream, Task<bool>> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v25.0/");

    /// <summary>Bodies that arrived whole.</summary>
    public IReadOnlyList<string> Posts
    {
        get
        {
            lock (posts)
                return [.. posts];
        }
    }

    /// <summary>Bytes of any kind.</summary>
    public int Bytes => bytes;

    public int Connections => connections;

    /// <summary>An answer that keeps the connection open.</summary>
    public static async Task<bool> SayAsync(Stream to, int status, string body)
    {
        var text = $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        await to.WriteAsync(Encoding.UTF8.GetBytes(text));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        // The listener goes last: the loop, come round from a connection, must find it listening or itself cancelled.
        await accepting;
        listener.Stop();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(ServeAsync(await listener.AcceptSocketAsync(stopping.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException) { }
        await Task.WhenAll(open);
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref connections);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await ReadPostAsync(stream) is { } body)
            {
                int number;
                lock (posts)
                {
                    posts.Add(body);
                    number = posts.Count;
                }
                if (!await answer(number, stream))
                    return;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException) { }
    }

    private async Task<string?> ReadPostAsync(Stream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[16_384];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var header = text[..end]
                    .Split("\r\n")
                    .FirstOrDefault(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
                var length = header is null ? 0 : int.Parse(header.Split(':')[1], null);
                if (received.Count >= end + 4 + length)
                    return text.Substring(end + 4, length);
            }
            var read = await stream.ReadAsync(buffer, stopping.Token);
            if (read == 0)
                return null;
            Interlocked.Add(ref bytes, read);
            received.AddRange(buffer.AsSpan(0, read));
        }
    }
}
