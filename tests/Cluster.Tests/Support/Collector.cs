using System.Net;
using System.Text;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>A span as a process sent it.</summary>
public sealed record SeenSpan(
    string Service,
    string Trace,
    string Id,
    string Parent,
    string Name,
    IReadOnlyList<string> Links
);

/// <summary>
/// What stands at <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>: takes OTLP over HTTP and keeps the spans. Of the protocol's messages it reads
/// those few fields (opentelemetry-proto, trace.proto).
/// </summary>
public sealed class Collector : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly List<SeenSpan> spans = [];
    private readonly HashSet<string> signals = [];

    public Collector()
    {
        Endpoint = $"http://127.0.0.1:{FreePorts.Next()}";
        listener.Prefixes.Add(Endpoint + "/");
        listener.Start();
        _ = ListenAsync();
    }

    public string Endpoint { get; }

    public IReadOnlyList<SeenSpan> Spans
    {
        get
        {
            lock (spans)
                return [.. spans];
        }
    }

    /// <summary>Which of <c>/v1/traces</c>, <c>/v1/metrics</c>, <c>/v1/logs</c> somebody has come to.</summary>
    public IReadOnlyCollection<string> Signals
    {
        get
        {
            lock (spans)
                return [.. signals];
        }
    }

    public void Dispose() => listener.Close();

    private async Task ListenAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var path = context.Request.Url!.AbsolutePath;
            lock (spans)
            {
                signals.Add(path);
                if (path == "/v1/traces")
                    Read(body.ToArray());
            }
            context.Response.StatusCode = 200;
            context.Response.Close();
        }
    }

    private void Read(byte[] request)
    {
        foreach (var resourceSpans in Fields(request, 1))
        {
            var service = Fields(resourceSpans, 1)
                .SelectMany(resource => Fields(resource, 1))
                .Where(pair => Text(pair, 1) == "service.name")
                .Select(pair => Text(Fields(pair, 2).First(), 1))
                .FirstOrDefault("");
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scope => Fields(scope, 2)))
                spans.Add(
                    new SeenSpan(
                        service,
                        Hex(span, 1),
                        Hex(span, 2),
                        Hex(span, 4),
                        Text(span, 5),
                        [.. Fields(span, 13).Select(link => Hex(link, 2))]
                    )
                );
        }
    }

    private static string Text(byte[] message, int field) =>
        Fields(message, field).Select(Encoding.UTF8.GetString).FirstOrDefault("");

    private static string Hex(byte[] message, int field) =>
        Fields(message, field).Select(Convert.ToHexStringLower).FirstOrDefault("");

    // All values of one length-delimited field (protobuf's wire type 2); others are stepped over.
    private static IEnumerable<byte[]> Fields(byte[] message, int wanted)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Number();
            switch (key & 7)
            {
                case 0:
                    Number();
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Number();
                    if ((int)(key >> 3) == wanted)
                        yield return message[at..(at + length)];
                    at += length;
                    break;
            }
        }

        ulong Number()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = message[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
