using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Threadkeep.Bench.Probes;

/// <summary>
/// Has another .NET process collect its garbage, so that its heap can be weighed: an event session that asks for the heap
/// begins with a full collection (.NET's diagnostics IPC protocol, commands CollectTracing and StopTracing; keyword GCHeapCollect).
/// </summary>
internal static class ManagedHeap
{
    private const ulong GcHeapCollect = 0x800000;
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 2;

    /// <summary>The heap of a host after a full collection, and its resident memory.</summary>
    public static async Task<(double Heap, double Resident)> WeighAsync(int pid, Uri host)
    {
        await CollectAsync(pid);
        await CollectAsync(pid);
        var page = await MetricsPage.ReadAsync(host);
        return (page.Sum(MetricsPage.Heap), ProcessTimes.ResidentBytes(pid));
    }

    private static async Task CollectAsync(int pid)
    {
        using var session = await ConnectAsync(pid);
        await session.SendAsync(Message(CollectTracing, Providers()));
        var answer = new byte[28];
        await ReadAsync(session, answer);
        var id = answer.AsMemory(20, 8);
        using var drained = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var draining = DrainAsync(session, drained.Token);
        await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None); // the collection begins with the session
        using (var stop = await ConnectAsync(pid))
        {
            await stop.SendAsync(Message(StopTracing, id.ToArray()));
            await ReadAsync(stop, new byte[28]);
        }
        await draining;
    }

    private static async Task<Socket> ConnectAsync(int pid)
    {
        var path = Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{pid}-*-socket").First();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task ReadAsync(Socket from, byte[] answer)
    {
        var have = 0;
        while (have < answer.Length)
        {
            var read = await from.ReceiveAsync(answer.AsMemory(have));
            have += read > 0 ? read : throw new IOException("The runtime closed its diagnostics socket.");
        }
    }

    private static async Task DrainAsync(Socket session, CancellationToken cancellation)
    {
        var buffer = new byte[65_536];
        while (await session.ReceiveAsync(buffer, cancellation) > 0) { }
    }

    private static byte[] Providers()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(64u); // buffer, MB
        to.Write(1u); // format: nettrace
        to.Write(1u); // providers
        to.Write(GcHeapCollect);
        to.Write(4u); // informational
        const string provider = "Microsoft-Windows-DotNETRuntime\0";
        to.Write((uint)provider.Length);
        to.Write(Encoding.Unicode.GetBytes(provider));
        to.Write(0u); // no filter
        return bytes.ToArray();
    }

    private static byte[] Message(byte command, byte[] payload)
    {
        var message = new byte[20 + payload.Length];
        Encoding.ASCII.GetBytes("DOTNET_IPC_V1\0").CopyTo(message, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message, 20);
        return message;
    }
}
