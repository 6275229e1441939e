using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Threadkeep.WhatsApp.Messages;

/// <summary>
/// A body that leaves at most once and not after its time. The HTTP stack may repeat a request on a fresh connection by itself;
/// here the second try fails instead, so that no message is posted twice.
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private readonly byte[] body;
    private readonly DateTimeOffset notAfter;
    private readonly TimeProvider clock;

    public OnceContent(string json, DateTimeOffset notAfter, TimeProvider clock)
    {
        body = Encoding.UTF8.GetBytes(json);
        this.notAfter = notAfter;
        this.clock = clock;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>True from the moment the first byte may have left.</summary>
    public bool HasLeft { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (HasLeft)
            throw new HttpRequestException("The message has left already; it is not posted again.");
        // The last look at the clock before the socket.
        if (clock.GetUtcNow() >= notAfter)
            throw new HttpRequestException("The attempt has expired.");
        HasLeft = true;
        await stream.WriteAsync(body);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
