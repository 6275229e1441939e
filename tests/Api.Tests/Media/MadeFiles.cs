using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Threadkeep.Api.Tests.Media;

/// <summary>Files with just enough in them to be what they are.</summary>
public static class MadeFiles
{
    public static byte[] Png => Convert.FromBase64String(InboundMediaTests.Png);

    public static byte[] Jpeg => [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[64]];

    public static byte[] Pdf => "%PDF-1.7\n%%EOF"u8.ToArray();

    public static byte[] Aac => [0xFF, 0xF1, 0x50, 0x80, .. new byte[32]];

    public static byte[] Mp3 => [.. "ID3"u8, 4, 0, .. new byte[32]];

    public static byte[] Amr => "#!AMR\n\0\0"u8.ToArray();

    public static byte[] Opus(byte channels = 1) =>
        [.. "OggS"u8, 0, 2, .. new byte[20], 1, 19, .. "OpusHead"u8, 1, channels, .. new byte[9]];

    public static byte[] Mp4(string brand = "isom", string kind = "vide", string codec = "avc1") =>
        [
            .. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0]),
            .. Box(
                "moov",
                Box(
                    "trak",
                    Box(
                        "mdia",
                        [
                            .. Box("hdlr", [.. new byte[8], .. Encoding.ASCII.GetBytes(kind), .. new byte[12]]),
                            .. Box("minf", Box("stbl", Box("stsd", [.. new byte[7], 1, .. Box(codec, new byte[24])]))),
                        ]
                    )
                )
            ),
        ];

    public static byte[] WebP(int width = 512, int height = 512, bool animated = false, int size = 64) =>
        [
            .. "RIFF"u8,
            .. new byte[4],
            .. "WEBPVP8X"u8,
            10,
            0,
            0,
            0,
            (byte)(animated ? 2 : 0),
            0,
            0,
            0,
            (byte)(width - 1),
            (byte)((width - 1) >> 8),
            0,
            (byte)(height - 1),
            (byte)((height - 1) >> 8),
            0,
            .. new byte[size],
        ];

    public static byte[] Office(params string[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in entries)
                archive.CreateEntry(entry);
        }
        return stream.ToArray();
    }

    public static byte[] OldOffice(string part) =>
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[66_000], .. Encoding.Unicode.GetBytes(part)];

    private static byte[] Box(string type, byte[] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, content.Length + 8);
        return [.. size, .. Encoding.ASCII.GetBytes(type), .. content];
    }
}
