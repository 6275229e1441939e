using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Threadkeep.Bench.Load;

/// <summary>What one point gave.</summary>
/// <param name="Acknowledged">Wamids answered 200, warm-up included.</param>
/// <param name="Measured">Answers 200 in the measured time.</param>
internal sealed record LoadResult(
    IReadOnlyList<string> Acknowledged,
    int Refused,
    int Measured,
    TimeSpan Time,
    double P50,
    double P99,
    double Max
);

/// <summary>
/// Posts webhooks over raw keep-alive sockets, each connection one at a time. Cheap, so that it takes little from what it measures:
/// the request is written once and only its wamid, customer and signature are put in anew.
/// </summary>
internal static class Generator
{
    private const string Wamid = "wamid.00000000000000000000";
    private const string Customer = "351900000000";
    private const string Signature = "0000000000000000000000000000000000000000000000000000000000000000";

    private static int run;

    /// <param name="url">Where to.</param>
    /// <param name="started">Called when the measured time begins, and again when it is over.</param>
    public static async Task<LoadResult> RunAsync(
        Uri url,
        int connections,
        TimeSpan warmUp,
        TimeSpan time,
        Action started,
        Action ended
    )
    {
        var number = ++run;
        var clock = Stopwatch.StartNew();
        var lanes = Enumerable
            .Range(0, connections)
            .Select(n => new Lane(url, number, n, clock, warmUp, time))
            .ToArray();
        var all = Task.WhenAll(lanes.Select(l => Task.Run(l.RunAsync)));
        await Task.Delay(warmUp);
        started();
        await Task.Delay(time);
        ended();
        await all;
        var latencies = lanes.SelectMany(l => l.Latencies).Order().ToArray();
        return new LoadResult(
            [.. lanes.SelectMany(l => l.Acknowledged)],
            lanes.Sum(l => l.Refused),
            latencies.Length,
            time,
            At(0.5),
            At(0.99),
            At(1)
        );

        double At(double part) =>
            latencies.Length == 0
                ? double.NaN
                : latencies[Math.Min(latencies.Length - 1, (int)(latencies.Length * part))]
                    * 1000.0
                    / Stopwatch.Frequency;
    }

    /// <summary>One message of each customer, so that every thread exists.</summary>
    public static async Task<IReadOnlyList<string>> GreetAsync(Uri url)
    {
        var lane = new Lane(url, 0, 0, Stopwatch.StartNew(), TimeSpan.Zero, TimeSpan.Zero);
        await lane.GreetAsync(BenchSettings.Customers);
        return lane.Refused == 0
            ? lane.Acknowledged
            : throw new InvalidOperationException($"{lane.Refused} first messages were refused.");
    }

    private sealed class Lane
    {
        private readonly Uri url;
        private readonly int run;
        private readonly int lane;
        private readonly Stopwatch clock;
        private readonly TimeSpan warmUp;
        private readonly TimeSpan time;
        private readonly byte[] request;
        private readonly int body;
        private readonly int[] wamids;
        private readonly int[] customers;
        private readonly int signature;
        private readonly byte[] secret = BenchSettings.Secret;
        private readonly byte[] answer = new byte[8_192];
        private uint dice;

        public Lane(Uri url, int run, int lane, Stopwatch clock, TimeSpan warmUp, TimeSpan time)
        {
            (this.url, this.run, this.lane, this.clock, this.warmUp, this.time) = (url, run, lane, clock, warmUp, time);
            dice = (uint)(lane + 1) * 2_654_435_761;
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var json =
                $$$"""{"object":"whatsapp_business_account","entry":[{"id":"880011223344556","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"351210000001","phone_number_id":"{{{BenchSettings.PhoneNumberId}}}"},"contacts":[{"profile":{"name":"Rita Mar"},"wa_id":"{{{Customer}}}","user_id":"PT.{{{Customer}}}"}],"messages":[{"from":"{{{Customer}}}","from_user_id":"PT.{{{Customer}}}","id":"{{{Wamid}}}","timestamp":"{{{now}}}","type":"text","text":{"body":"Is my order on its way? I have been waiting since Monday and the page says nothing new."}}]}}]}]}""";
            var head =
                $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\n"
                + $"X-Hub-Signature-256: sha256={Signature}\r\nContent-Length: {json.Length}\r\n\r\n";
            request = Encoding.ASCII.GetBytes(head + json);
            body = head.Length;
            signature = head.IndexOf(Signature, StringComparison.Ordinal);
            wamids = Places(head + json, Wamid);
            customers = Places(head + json, Customer);
        }

        public List<long> Latencies { get; } = [];

        public List<string> Acknowledged { get; } = [];

        public int Refused { get; private set; }

        public async Task RunAsync()
        {
            using var socket = await ConnectAsync();
            for (var n = 0; clock.Elapsed < warmUp + time; n++)
            {
                dice = dice * 1_664_525 + 1_013_904_223;
                var begun = clock.ElapsedTicks;
                var good = await PostAsync(socket, n, (int)((dice >> 8) % BenchSettings.Customers));
                var now = clock.Elapsed;
                if (good && now > warmUp && now <= warmUp + time)
                    Latencies.Add(clock.ElapsedTicks - begun);
            }
        }

        public async Task GreetAsync(int count)
        {
            using var socket = await ConnectAsync();
            for (var n = 0; n < count; n++)
                await PostAsync(socket, n, n);
        }

        private async Task<Socket> ConnectAsync()
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, url.Port);
            return socket;
        }

        private async Task<bool> PostAsync(Socket socket, int n, int customer)
        {
            var wamid = $"wamid.{run:0000}{lane:0000}{n:000000000000}";
            foreach (var place in wamids)
                Encoding.ASCII.GetBytes(wamid, request.AsSpan(place));
            foreach (var place in customers)
                Utf8Formatter.TryFormat(
                    customer,
                    request.AsSpan(place + 4),
                    out _,
                    new System.Buffers.StandardFormat('D', 8)
                );
            Sign();
            await socket.SendAsync(request);
            var good = await ReadAnswerAsync(socket);
            if (good)
                Acknowledged.Add(wamid);
            else
                Refused++;
            return good;
        }

        private void Sign()
        {
            Span<byte> hash = stackalloc byte[32];
            HMACSHA256.HashData(secret, request.AsSpan(body), hash);
            Convert.TryToHexStringLower(hash, request.AsSpan(signature, 64), out _);
        }

        // An answer has a length or is chunked; either way it is short.
        private async Task<bool> ReadAnswerAsync(Socket socket)
        {
            var have = 0;
            while (true)
            {
                var read = await socket.ReceiveAsync(answer.AsMemory(have));
                if (read == 0)
                    throw new IOException("The server closed the connection.");
                have += read;
                var text = answer.AsSpan(0, have);
                var end = text.IndexOf("\r\n\r\n"u8);
                if (end < 0)
                    continue;
                var length = text[..end].IndexOf("Content-Length: "u8);
                if (length >= 0)
                {
                    var known = Utf8Parser.TryParse(text[(length + 16)..], out int bytes, out _);
                    if (!known || have < end + 4 + bytes)
                        continue;
                }
                else if (!text.EndsWith("0\r\n\r\n"u8))
                    continue;
                return text.StartsWith("HTTP/1.1 200"u8);
            }
        }

        private static int[] Places(string text, string what)
        {
            var places = new List<int>();
            for (
                var at = text.IndexOf(what, StringComparison.Ordinal);
                at >= 0;
                at = text.IndexOf(what, at + 1, StringComparison.Ordinal)
            )
                places.Add(at);
            return [.. places];
        }
    }
}
