using SkiaSharp;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>
/// Pictures made smaller for the thread, each once: kept beside the picture, and gone with it. Pictures are strangers' bytes: what one may
/// cost in pixels and memory is bounded before it is decoded, and one is decoded at a time.
/// </summary>
public sealed partial class Thumbnails(IMediaStore store, ILogger<Thumbnails> logger) : IDisposable
{
    /// <summary>What they are kept as.</summary>
    public const string MimeType = "image/webp";

    /// <summary>The longer side in pixels: twice that of the frame in the thread, for dense screens.</summary>
    public const int Side = 640;

    private const int Quality = 80;

    // A picture that is no larger than a thumbnail would be is shown as it is.
    private const long SmallEnough = 40 * 1024;
    private const long MostBytes = 20 * 1024 * 1024;

    // JPEG is made smaller while it is decoded; what one with many passes needs for that grows with its own pixels.
    private const long MostPixels = 40_000_000;

    // Four bytes each.
    private const long MostDecodedPixels = 24_000_000;

    private readonly SemaphoreSlim atWork = new(1);

    public void Dispose() => atWork.Dispose();

    /// <summary>Null where a picture has none: small as it is, or too large to be made smaller, or none that can be read.</summary>
    /// <exception cref="MediaStoreException">The store is out of reach.</exception>
    public async Task<Stream?> OpenAsync(AccountId account, StoredMedia media, CancellationToken cancellation)
    {
        if (!FileType.IsPicture(media.MimeType) || media.Size is <= SmallEnough or > MostBytes)
            return null;
        if (await KeptAsync(account, media.Sha256, cancellation) is { } kept)
            return UnlessEmpty(kept);
        await atWork.WaitAsync(cancellation);
        try
        {
            // Made while this one waited?
            if (await KeptAsync(account, media.Sha256, cancellation) is { } made)
                return UnlessEmpty(made);
            return await MakeAsync(account, media.Sha256, cancellation);
        }
        finally
        {
            atWork.Release();
        }
    }

    private Task<Stream?> KeptAsync(AccountId account, string sha256, CancellationToken cancellation) =>
        store.OpenAsync(account, sha256, cancellation, MediaPart.Thumbnail);

    // Where none can be made an empty one is kept, so that it is not tried for every reader.
    private async Task<Stream?> MakeAsync(AccountId account, string sha256, CancellationToken cancellation)
    {
        using var picture = new MemoryStream();
        await using (var file = await store.OpenAsync(account, sha256, cancellation))
        {
            if (file is null)
                return null;
            await file.CopyToAsync(picture, cancellation);
        }
        byte[] bytes;
        try
        {
            bytes = Shrink(picture.ToArray()) ?? [];
        }
        catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException)
        {
            // Without its library for this system pictures are shown whole.
            LogMissing(logger, missing);
            return null;
        }
        await store.PutAsync(account, sha256, new MemoryStream(bytes), cancellation, MediaPart.Thumbnail);
        return UnlessEmpty(new MemoryStream(bytes));
    }

    private static Stream? UnlessEmpty(Stream thumbnail)
    {
        if (thumbnail.Length > 0)
            return thumbnail;
        thumbnail.Dispose();
        return null;
    }

    /// <summary>The picture as WebP, upright, its longer side at most <see cref="Side"/>; null where it is none, or costs too much.</summary>
    public static byte[]? Shrink(byte[] picture)
    {
        using var data = SKData.CreateCopy(picture);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > MostPixels)
            return null;
        var scale = Math.Min(1f, (float)Side / Math.Max(codec.Info.Width, codec.Info.Height));
        // Formats that can be decoded smaller are, to no less than is needed.
        var decoded = codec.GetScaledDimensions(Math.Min(1f, scale * 1.25f));
        if ((long)decoded.Width * decoded.Height > MostDecodedPixels)
            return null;
        using var bitmap = SKBitmap.Decode(
            codec,
            new SKImageInfo(decoded.Width, decoded.Height, SKColorType.Rgba8888, SKAlphaType.Premul)
        );
        if (bitmap is null)
            return null;
        using var upright = Draw(bitmap, codec.EncodedOrigin);
        using var encoded = upright.Encode(SKEncodedImageFormat.Webp, Quality);
        return encoded?.ToArray();
    }

    // Cameras lie on their side and say so in the picture (EXIF); nothing of what else they say is kept.
    private static SKBitmap Draw(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var scale = Math.Min(1f, (float)Side / Math.Max(bitmap.Width, bitmap.Height));
        var (width, height) = (Math.Max(1, (int)(bitmap.Width * scale)), Math.Max(1, (int)(bitmap.Height * scale)));
        var isTurned = origin >= SKEncodedOrigin.LeftTop;
        var upright = new SKBitmap(
            new SKImageInfo(isTurned ? height : width, isTurned ? width : height, SKColorType.Rgba8888)
        );
        using var canvas = new SKCanvas(upright);
        var turn = Turn(origin, width, height);
        canvas.SetMatrix(in turn);
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(
            image,
            new SKRect(0, 0, width, height),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
        );
        return upright;
    }

    // From where a pixel lies to where it belongs; width and height as the picture lies.
    private static SKMatrix Turn(SKEncodedOrigin origin, float width, float height) =>
        origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
            _ => SKMatrix.Identity,
        };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Pictures cannot be made smaller on this system; they are shown whole"
    )]
    private static partial void LogMissing(ILogger logger, Exception exception);
}
