using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Threadkeep.Testing;

/// <summary>How a <see cref="TestScanner"/> behaves.</summary>
public enum ScannerMood
{
    Answers,

    /// <summary>It takes everything and says nothing.</summary>
    Silent,

    /// <summary>It says that it is in trouble.</summary>
    Troubled,
}

/// <summary>
/// A clamd as far as INSTREAM goes: whatever holds <see cref="Virus"/> is infected, and what is larger than <see cref="MostBytes"/> is
/// refused before its end, as clamd does it.
/// </summary>
public sealed class TestScanner : IDisposable
{
    /// <summary>Harmless, and called a virus here.</summary>
    public const string Virus = "THREADKEEP-TEST-VIRUS";

    private readonly ConcurrentBag<TcpClient> clients = [];
    private TcpListener? listener;

    public TestScanner()
    {
        listener = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }
    public int MostBytes { get; set; } = 1024 * 1024;
    public ScannerMood Mood { get; set; }

    /// <summary>Closes the door: who knocks is refused.</summary>
    public void Leave()
    {
        listener?.Dispose();
        listener = null;
    }

    /// <summary>Opens it again, at the same port.</summary>
    public void Return() => listener ??= Listen(Port);

    public void Dispose()
    {
        Leave();
        foreach (var client in clients)
            client.Dispose();
    }

    private TcpListener Listen(int port)
    {
        var opened = new TcpListener(IPAddress.Loopback, port);
        opened.Start();
        _ = AcceptAsync(opened);
        return opened;
    }

    private async Task AcceptAsync(TcpListener opened)
    {
        try
        {
            while (true)
                _ = ServeAsync(await opened.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(TcpClient client)
    {
        clients.Add(client);
        try
        {
            await using var stream = client.GetStream();
            var answer = await LookAsync(stream);
            if (Mood == ScannerMood.Silent)
            {
                // Until whoever asks has had enough.
                _ = await stream.ReadAsync(new byte[1]);
                return;
            }
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\0"));
            client.Dispose();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException) { }
    }

    private async Task<string> LookAsync(NetworkStream stream)
    {
        var command = new byte[10];
        await stream.ReadExactlyAsync(command);
        if (!command.AsSpan().SequenceEqual("zINSTREAM\0"u8))
            return "UNKNOWN COMMAND";
        using var file = new MemoryStream();
        var length = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(length);
            var chunk = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            if (chunk.Length == 0)
                break;
            await stream.ReadExactlyAsync(chunk);
            file.Write(chunk);
            if (file.Length > MostBytes)
                return "INSTREAM size limit exceeded. ERROR";
        }
        if (Mood == ScannerMood.Troubled)
            return "stream: Can't allocate memory ERROR";
        return Encoding.Latin1.GetString(file.ToArray()).Contains(Virus, StringComparison.Ordinal)
            ? "stream: Threadkeep.Test FOUND"
            : "stream: OK";
    }
}
