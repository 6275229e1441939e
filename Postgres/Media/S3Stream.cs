namespace Threadkeep.Media;

/// <summary>Bytes of an object from one place to another, both included.</summary>
internal delegate Task<Stream> ReadRange(long from, long to, CancellationToken cancellation);

/// <summary>
/// An object that is read from anywhere. Only what is read is asked for, a piece at a time, so that neither a player that jumps about nor a
/// slow reader holds more of the service than one piece.
/// </summary>
internal sealed class S3Stream(long length, ReadRange read) : Stream
{
    private const long PieceBytes = 4 * 1024 * 1024;

    private Stream? piece;
    private long position;
    private long pieceAt;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= length || buffer.Length == 0)
            return 0;
        try
        {
            if (piece is null || pieceAt != position)
                await OpenAsync(cancellationToken);
            var count = await piece!.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                // The piece has come to its end, the object has not.
                await OpenAsync(cancellationToken);
                count = await piece.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                    throw new EndOfStreamException("The object is shorter than it was said to be.");
            }
            position += count;
            pieceAt = position;
            return count;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new MediaStoreException("The S3 service broke off.", broken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Nobody here reads so but libraries that know no better; they run on threads of their own.
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) =>
        position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => position + offset,
            _ => length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            piece?.Dispose();
        base.Dispose(disposing);
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        if (piece is not null)
            await piece.DisposeAsync();
        piece = await read(position, Math.Min(length, position + PieceBytes) - 1, cancellation);
        pieceAt = position;
    }
}
