using System.Threading.Channels;

namespace Threadkeep.Sandbox.Live;

/// <summary>Something changed; the page fetches what it shows of it.</summary>
/// <param name="Kind"><c>chat</c>, <c>customers</c>, <c>webhooks</c>, <c>sent</c>, <c>faults</c>, <c>state</c>.</param>
/// <param name="PhoneNumberId">Of a chat.</param>
/// <param name="WaId">Of a chat.</param>
public sealed record LiveEvent(string Kind, string? PhoneNumberId = null, string? WaId = null);

/// <summary>Passes hints to the pages that are open. A slow page loses the oldest, which it would fetch over anyway.</summary>
public sealed class LiveEvents
{
    private const int Waiting = 256;
    private readonly Lock gate = new();
    private readonly List<Channel<LiveEvent>> pages = [];

    public void Tell(LiveEvent change)
    {
        lock (gate)
            foreach (var page in pages)
                page.Writer.TryWrite(change);
    }

    public async IAsyncEnumerable<LiveEvent> Listen(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var page = Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
        );
        lock (gate)
            pages.Add(page);
        try
        {
            // The first event opens the stream, so that the page knows from where on it misses nothing.
            yield return new LiveEvent("hello");
            while (await HasMoreAsync(page.Reader, cancellation))
            while (page.Reader.TryRead(out var change))
                yield return change;
        }
        finally
        {
            lock (gate)
                pages.Remove(page);
        }
    }

    // A page that closes, or a Sandbox that stops, is the ordinary end of the stream.
    private static async Task<bool> HasMoreAsync(ChannelReader<LiveEvent> page, CancellationToken cancellation)
    {
        try
        {
            return await page.WaitToReadAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
