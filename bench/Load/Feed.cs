using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Threadkeep.Bench.Load;

/// <summary>A console's live feed: reads server-sent events from a raw socket until it is disposed.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private readonly Socket socket;
    private readonly Task reading;
    private readonly Action<ReadOnlySpan<byte>>? changed;
    private readonly List<byte> line = [];
    private int chunkLeft;
    private bool inEventOfThread;

    private Feed(Socket socket, Action<ReadOnlySpan<byte>>? changed)
    {
        (this.socket, this.changed) = (socket, changed);
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Hints about a thread.</summary>
    public int Hints { get; private set; }

    /// <summary>How often it was told to fetch everything anew.</summary>
    public int Resyncs { get; private set; }

    /// <param name="changed">Called with a thread's id (32 hexadecimal digits) for each hint.</param>
    public static async Task<Feed> OpenAsync(Uri api, Action<ReadOnlySpan<byte>>? changed = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, api.Port);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"GET /api/v1/live HTTP/1.1\r\nHost: {api.Authority}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {BenchSettings.ApiKey}\r\n\r\n"
            )
        );
        var head = new byte[4_096];
        var have = 0;
        while (head.AsSpan(0, have).IndexOf("\r\n\r\n"u8) < 0)
        {
            // One byte at a time: what follows the head belongs to the reader.
            var read = await socket.ReceiveAsync(head.AsMemory(have, 1));
            if (read == 0 || ++have == head.Length)
                throw new IOException("The feed did not open.");
        }
        if (!head.AsSpan().StartsWith("HTTP/1.1 200"u8))
            throw new IOException("The feed did not open: " + Encoding.ASCII.GetString(head, 0, have).Split('\r')[0]);
        return new Feed(socket, changed);
    }

    /// <summary>Ten consoles: the first one tells what it hears.</summary>
    public static async Task<Feed[]> OpenManyAsync(Uri api, int count, Action<ReadOnlySpan<byte>>? changed = null)
    {
        var feeds = new Feed[count];
        for (var n = 0; n < count; n++)
            feeds[n] = await OpenAsync(api, n == 0 ? changed : null);
        return feeds;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await reading;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65_536];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var read)
                Take(buffer.AsSpan(0, read));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException) { }
    }

    // The body comes in chunks: a length in hexadecimal, a line's end, so many bytes, a line's end.
    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (chunkLeft > 0)
            {
                var part = bytes[..Math.Min(chunkLeft, bytes.Length)];
                TakeText(part);
                chunkLeft -= part.Length;
                bytes = bytes[part.Length..];
                continue;
            }
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                line.AddRange(bytes);
                return;
            }
            line.AddRange(bytes[..end]);
            bytes = bytes[(end + 1)..];
            var length = Encoding.ASCII.GetString([.. line]).Trim();
            line.Clear();
            if (length.Length > 0)
                chunkLeft = Convert.ToInt32(length, 16);
        }
    }

    private readonly List<byte> text = [];

    private void TakeText(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                text.AddRange(bytes);
                return;
            }
            if (text.Count == 0)
                TakeLine(bytes[..end]);
            else
            {
                text.AddRange(bytes[..end]);
                TakeLine(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text));
                text.Clear();
            }
            bytes = bytes[(end + 1)..];
        }
    }

    private void TakeLine(ReadOnlySpan<byte> one)
    {
        if (one.StartsWith("event: "u8))
        {
            inEventOfThread = one[7..].StartsWith("thread"u8);
            if (one[7..].StartsWith("resync"u8))
                Resyncs++;
        }
        else if (inEventOfThread && one.StartsWith("data: "u8))
        {
            Hints++;
            var id = one.IndexOf("\"id\":\""u8);
            if (id >= 0 && changed is not null)
                changed(one.Slice(id + 6, 32));
        }
    }
}
