using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.Webhooks;

namespace Threadkeep.Api.Tests.Webhooks;

/// <summary>Memory follows the bytes that came, never a length that a stranger promised. Found by fuzzing.</summary>
public sealed class HeldBodyTests : IDisposable
{
    private const int Megabyte = 1_048_576;

    private readonly WebhookGate gate = new(
        Options.Create(new LimitOptions { WebhookMegabytes = 16 }),
        TimeProvider.System
    );

    public void Dispose() => gate.Dispose();

    [Fact]
    public async Task A_header_that_promises_megabytes_holds_none()
    {
        var sender = new Sender();
        using var body = new HeldBody(gate);

        var reading = body.ReadAsync(Request(sender, promised: 4 * Megabyte), TimeProvider.System);
        await sender.SendAsync(10);

        // It has read what came and waits for more: all of the gate's memory is free for others.
        gate.TryHold(16 * Megabyte).ShouldBeTrue();
        gate.LetGo(16 * Megabyte);
        body.Bytes.Length.ShouldBe(10);

        await sender.SendAsync(Megabyte);
        gate.TryHold(16 * Megabyte).ShouldBeFalse("what came is held");
        gate.TryHold(13 * Megabyte).ShouldBeTrue("and little more");
        gate.LetGo(13 * Megabyte);

        await sender.SendAsync(0);
        (await reading).ShouldBe(StatusCodes.Status200OK);
        body.Bytes.Length.ShouldBe(10 + Megabyte);
        body.Dispose();
        gate.TryHold(16 * Megabyte).ShouldBeTrue("all is given back");
    }

    private static HttpRequest Request(Stream body, long promised)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentLength = promised;
        request.Body = body;
        return request;
    }

    /// <summary>A caller who sends so many bytes when told to.</summary>
    private sealed class Sender : Stream
    {
        private readonly SemaphoreSlim hungry = new(0);
        private TaskCompletionSource<int> more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left;

        /// <summary>Sends, and waits until all of it is read and somebody asks for more. 0: the end.</summary>
        public async Task SendAsync(int bytes)
        {
            await hungry.WaitAsync(TimeSpan.FromSeconds(30));
            left = bytes;
            while (true)
            {
                var now = more;
                more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                now.SetResult(left);
                if (bytes == 0)
                    return;
                await hungry.WaitAsync(TimeSpan.FromSeconds(30));
                if (left == 0)
                    break;
            }
            hungry.Release();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var coming = more.Task;
            hungry.Release();
            var read = Math.Min(buffer.Length, await coming.WaitAsync(cancellationToken));
            buffer.Span[..read].Fill((byte)'x');
            left -= read;
            return read;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
