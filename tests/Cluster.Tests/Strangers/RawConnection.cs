using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Threadkeep.Cluster.Tests.Strangers;

/// <summary>A connection over which anything at all can be said, as no HTTP client would.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly TcpClient client = new() { NoDelay = true };
    private byte[] buffer = new byte[16_384];
    private int held;

    private RawConnection() { }

    /// <summary>False once the server has closed it or said that it will.</summary>
    public bool IsOpen { get; private set; } = true;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection.client.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    public async Task SayAsync(ReadOnlyMemory<byte> bytes) => await client.GetStream().WriteAsync(bytes);

    /// <summary>Says it and reads the answer's status; 0 where the server closed the connection without one.</summary>
    public async Task<int> AskAsync(ReadOnlyMemory<byte> bytes)
    {
        // A refusal may come, and the connection close, while we are still talking.
        var talking = SayAsync(bytes);
        var status = await HearAsync();
        try
        {
            await talking.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (IOException)
        {
            IsOpen = false;
        }
        return status;
    }

    /// <summary>The status of the next answer; 0 where the connection ends before it.</summary>
    public async Task<int> HearAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try
        {
            int end;
            while ((end = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
                await MoreAsync(patience.Token);
            var head = Encoding.Latin1.GetString(buffer, 0, end + 2);
            Drop(end + 4);
            var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase))
                IsOpen = false;
            if (Header(head, "Content-Length") is { } length)
                await DropBodyAsync(int.Parse(length, CultureInfo.InvariantCulture), patience.Token);
            else if (Header(head, "Transfer-Encoding") is not null)
                await DropChunksAsync(patience.Token);
            return status;
        }
        catch (Exception ended) when (ended is IOException or SocketException)
        {
            IsOpen = false;
            return 0;
        }
    }

    /// <summary>Waits until the server has closed it.</summary>
    public async Task IsClosedAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            while (await client.GetStream().ReadAsync(buffer, patience.Token) > 0) { }
        }
        catch (IOException)
        {
            // Reset: closed as well.
        }
    }

    public void Dispose() => client.Dispose();

    private static string? Header(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var from = at + name.Length + 4;
        return head[from..head.IndexOf("\r\n", from, StringComparison.Ordinal)];
    }

    private async Task DropBodyAsync(int length, CancellationToken patience)
    {
        while (held < length)
            await MoreAsync(patience);
        Drop(length);
    }

    private async Task DropChunksAsync(CancellationToken patience)
    {
        int end;
        while ((end = buffer.AsSpan(0, held).IndexOf("0\r\n\r\n"u8)) < 0)
            await MoreAsync(patience);
        Drop(end + 5);
    }

    private async Task MoreAsync(CancellationToken patience)
    {
        if (held == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = await client.GetStream().ReadAsync(buffer.AsMemory(held), patience);
        if (read == 0)
            throw new IOException("closed");
        held += read;
    }

    private void Drop(int count)
    {
        buffer.AsSpan(count, held - count).CopyTo(buffer);
        held -= count;
    }
}
