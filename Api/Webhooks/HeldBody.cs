using System.Buffers;

namespace Threadkeep.Webhooks;

/// <summary>
/// A webhook's body in memory. Memory follows the bytes that have come, never a length that somebody promised: a header that says
/// 4 MB costs its sender nothing. What goes beyond a small body is counted at the gate until it is let go.
/// </summary>
internal sealed class HeldBody(WebhookGate gate) : IDisposable
{
    /// <summary>Meta sends at most 3 MB (Cloud API, "Delivery semantics").</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Most webhooks are one message and smaller than this.</summary>
    private const int FirstBytes = 4 * 1024;

    /// <summary>Not counted, so that strangers who fill the rest with large bodies cannot shut out Meta's single messages; the limit of connections bounds it.</summary>
    private const int FreeBytes = 16 * 1024;

    /// <summary>The whole body must be here by then. Meta's comes in one go; who drips it only holds memory.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private byte[] buffer = [];
    private int length;
    private int counted;

    public Memory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Reads it. 200: it is here; else the status to answer with.</summary>
    public async Task<int> ReadAsync(HttpRequest request, TimeProvider clock)
    {
        try
        {
            return await ReadAllAsync(request, clock);
        }
        catch (BadHttpRequestException broken)
        {
            // Not framed as HTTP frames bodies, or too slow. Webhooks pass no exception handler: what is thrown here would be in
            // the log with its whole stack, and a stranger could fill the disk.
            return broken.StatusCode;
        }
        catch (IOException)
        {
            // Kestrel says so of a chunk larger than any number, and of a caller who hung up. It is not our outage.
            return StatusCodes.Status400BadRequest;
        }
    }

    private async Task<int> ReadAllAsync(HttpRequest request, TimeProvider clock)
    {
        var promised = request.ContentLength;
        if (promised > MaxBytes)
            return StatusCodes.Status413PayloadTooLarge;
        if (!TryGrow(FirstBytes))
            return StatusCodes.Status503ServiceUnavailable;
        // Nearly always the first read has everything. It needs no timer: Kestrel gives up a body of which nothing comes.
        length = await request.Body.ReadAsync(buffer);
        if (length == 0 || length == promised)
            return StatusCodes.Status200OK;
        using var late = new CancellationTokenSource(Within, clock);
        try
        {
            return await ReadRestAsync(request.Body, late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return StatusCodes.Status408RequestTimeout;
        }
    }

    private async Task<int> ReadRestAsync(Stream body, CancellationToken late)
    {
        while (true)
        {
            if (length == buffer.Length && !TryGrow(Math.Min(buffer.Length * 2, MaxBytes + 1)))
                return StatusCodes.Status503ServiceUnavailable;
            var read = await body.ReadAsync(buffer.AsMemory(length), late);
            if (read == 0)
                return StatusCodes.Status200OK;
            length += read;
            if (length > MaxBytes)
                return StatusCodes.Status413PayloadTooLarge;
        }
    }

    private bool TryGrow(int size)
    {
        var beyond = Math.Max(0, size - FreeBytes) - counted;
        if (beyond > 0 && !gate.TryHold(beyond))
            return false;
        counted += beyond;
        var larger = size == FirstBytes ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
        Bytes.CopyTo(larger);
        GiveBack();
        buffer = larger;
        return true;
    }

    // Small bodies come thousands a second and share their memory; what strangers made large goes to the collector.
    private void GiveBack()
    {
        if (buffer.Length == FirstBytes)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Dispose()
    {
        gate.LetGo(counted);
        GiveBack();
        (buffer, length, counted) = ([], 0, 0);
    }
}
