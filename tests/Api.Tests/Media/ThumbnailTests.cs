using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Media;

namespace Threadkeep.Api.Tests.Media;

/// <summary>Pictures made smaller for the thread.</summary>
[Collection(nameof(RealTime))]
public sealed class ThumbnailTests(RealTime product)
{
    // Noise cannot be packed: it has the bytes of a photograph. Red at the upper left.
    private static byte[] Noise(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = new byte[width * height * 4];
        Random.Shared.NextBytes(pixels);
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using (var canvas = new SKCanvas(bitmap))
        using (var red = new SKPaint { Color = SKColors.Red })
            canvas.DrawRect(0, 0, width / 2f, height / 2f, red);
        using var encoded = bitmap.Encode(format, 90);
        return encoded.ToArray();
    }

    private static SKBitmap Shrunk(byte[] picture) => SKBitmap.Decode(Thumbnails.Shrink(picture).ShouldNotBeNull());

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_picture_keeps_its_shape(SKEncodedImageFormat format)
    {
        using var thumbnail = Shrunk(Noise(1_500, 750, format));

        (thumbnail.Width, thumbnail.Height).ShouldBe((640, 320));
        thumbnail.GetPixel(5, 5).Red.ShouldBeGreaterThan((byte)200);
        thumbnail.GetPixel(5, 5).Green.ShouldBeLessThan((byte)60);
    }

    [Theory]
    [InlineData(1, 640, 320, 0.1, 0.1)]
    [InlineData(2, 640, 320, 0.9, 0.1)]
    [InlineData(3, 640, 320, 0.9, 0.9)]
    [InlineData(4, 640, 320, 0.1, 0.9)]
    [InlineData(5, 320, 640, 0.1, 0.1)]
    [InlineData(6, 320, 640, 0.9, 0.1)]
    [InlineData(7, 320, 640, 0.9, 0.9)]
    [InlineData(8, 320, 640, 0.1, 0.9)]
    public void One_that_lies_on_its_side_stands_upright(int orientation, int width, int height, double x, double y)
    {
        using var thumbnail = Shrunk(WithOrientation(Noise(1_500, 750, SKEncodedImageFormat.Jpeg), (byte)orientation));

        (thumbnail.Width, thumbnail.Height).ShouldBe((width, height));
        // Where the red corner has gone (EXIF 2.32, 4.6.4, "Orientation").
        var red = thumbnail.GetPixel((int)(x * width), (int)(y * height));
        red.Green.ShouldBeLessThan((byte)60);
        red.Red.ShouldBeGreaterThan((byte)200);
    }

    [Fact]
    public void One_that_would_fill_the_memory_is_not_decoded()
    {
        // A few kilobytes that are 81 million pixels.
        var bomb = Png(9_000, 9_000);
        bomb.Length.ShouldBeLessThan(100_000);
        Thumbnails.Shrink(bomb).ShouldBeNull();
        Thumbnails.Shrink(Png(300, 300)).ShouldNotBeNull();
    }

    [Fact]
    public void What_is_no_picture_has_none()
    {
        Thumbnails.Shrink([]).ShouldBeNull();
        Thumbnails.Shrink(MadeFiles.Jpeg).ShouldBeNull();
        Thumbnails.Shrink(MadeFiles.WebP()).ShouldBeNull();
    }

    [Fact]
    public async Task The_thread_asks_for_the_small_one_and_gets_it_under_the_same_rules()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var picture = Noise(700, 700);
        var id = await office.UploadAsync(picture);

        foreach (var _ in new[] { "made", "kept" })
        {
            using var small = await office.OpenAsync($"{id}?size=thumb");
            ((int)small.StatusCode, small.Content.Headers.ContentType!.MediaType).ShouldBe((200, "image/webp"));
            var bytes = await small.Content.ReadAsByteArrayAsync();
            bytes.Length.ShouldBeLessThan(picture.Length / 4);
            using var shown = SKBitmap.Decode(bytes);
            (shown.Width, shown.Height).ShouldBe((640, 640));
            small.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            small.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
            small.Headers.ETag!.Tag.ShouldBe($"\"{id}-thumb\"");
        }
        using var whole = await office.OpenAsync(id);
        (await whole.Content.ReadAsByteArrayAsync()).ShouldBe(picture);
        (await other.AskAsync($"media/{id}?size=thumb")).Status.ShouldBe(404);
        (await office.AskAsync($"media/{id}?size=huge")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Where_there_is_none_the_file_itself_comes()
    {
        var office = await product.OfficeAsync();
        foreach (var file in new[] { MadeFiles.Png, [.. MadeFiles.Jpeg, .. new byte[50_000]], MadeFiles.Pdf })
        {
            var id = await office.UploadAsync(file);
            using var opened = await office.OpenAsync($"{id}?size=thumb");
            (await opened.Content.ReadAsByteArrayAsync()).ShouldBe(file);
        }
    }

    // A segment APP1 with nothing but the orientation, behind the first two bytes.
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
        [
            .. jpeg[..2],
            .. new byte[] { 0xFF, 0xE1, 0, 34 },
            .. "Exif\0\0"u8,
            .. "MM\0*"u8,
            .. new byte[] { 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0 },
            .. jpeg[2..],
        ];

    // Black, one bit a pixel.
    private static byte[] Png(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[(1 + (width + 7) / 8) * height]);
        return
        [
            0x89,
            .. "PNG\r\n\u001a\n"u8,
            .. Chunk("IHDR", header),
            .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, content.Length);
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. size, .. named, .. Crc(named)];
    }

    private static byte[] Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        var big = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(big, ~crc);
        return big;
    }
}
