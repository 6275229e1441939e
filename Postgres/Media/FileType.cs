using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Threadkeep.Media;

/// <summary>What a file is, by its bytes. What a header or a name says is never believed.</summary>
/// <param name="MimeType">The type of one of the kinds that WhatsApp carries.</param>
public sealed record FileFacts(string MimeType)
{
    /// <summary>Pixels; null where they are not read for this type.</summary>
    public int? Width { get; init; }
    public int? Height { get; init; }

    /// <summary>A picture that moves.</summary>
    public bool Animated { get; init; }

    /// <summary>Opus in Ogg: its channels; null for every other sound.</summary>
    public int? OpusChannels { get; init; }

    /// <summary>A film's codecs as MP4 names them (<c>avc1</c>, <c>mp4a</c>...); empty where they could not be read.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = [];
}

/// <summary>Tells files apart by their content.</summary>
public static class FileType
{
    // Enough for every signature, for a page of Ogg and for the question whether a file is text.
    private const int HeadBytes = 4_096;

    /// <summary>What the bytes are; null for anything that WhatsApp does not carry.</summary>
    public static FileFacts? Inspect(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return Inspect(stream);
    }

    /// <summary>The same of a file that can be read from anywhere; it stands at its beginning afterwards.</summary>
    public static FileFacts? Inspect(Stream file)
    {
        file.Position = 0;
        var head = new byte[HeadBytes];
        var length = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        var facts = Of(head.AsSpan(0, length), file);
        file.Position = 0;
        return facts;
    }

    /// <summary>The type of a file that runs, whatever it is called; null for any other.</summary>
    public static string? ExecutableType(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 64 && bytes.StartsWith("MZ"u8))
            return "application/x-msdownload";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x7F, .. "ELF"u8]))
            return "application/x-executable";
        if (
            bytes.Length >= 4
            && BinaryPrimitives.ReadUInt32BigEndian(bytes) is 0xFEEDFACE or 0xFEEDFACF or 0xCEFAEDFE or 0xCFFAEDFE
        )
            return "application/x-mach-binary";
        return bytes.StartsWith("#!/"u8) ? "application/x-sh" : null;
    }

    private static FileFacts? Of(ReadOnlySpan<byte> head, Stream file)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return new FileFacts("image/jpeg");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n\u001a\n"u8]))
            return new FileFacts("image/png");
        if (head.Length >= 30 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            return WebP(head);
        if (head.StartsWith("GIF8"u8))
            return new FileFacts("image/gif");
        if (head.StartsWith("%PDF-"u8))
            return new FileFacts("application/pdf");
        if (head.StartsWith("OggS"u8))
            return Ogg(head);
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8))
            return Mp4.Inspect(file, head[8..12]);
        if (head.StartsWith("#!AMR"u8))
            return new FileFacts("audio/amr");
        if (head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0)
            return new FileFacts("audio/aac"); // ADTS: the layer is always 0
        if (head.StartsWith("ID3"u8) || head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE0) == 0xE0)
            return new FileFacts("audio/mpeg");
        if (head.StartsWith("PK\u0003\u0004"u8))
            return OfficeOpen(file);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            return OfficeBinary(file);
        return IsText(head) ? new FileFacts("text/plain") : null;
    }

    /// <summary>True for pictures that a browser may show in the page.</summary>
    public static bool IsPicture(string mimeType) =>
        mimeType is "image/jpeg" or "image/png" or "image/webp" or "image/gif";

    // WebP's container: https://developers.google.com/speed/webp/docs/riff_container
    private static FileFacts WebP(ReadOnlySpan<byte> head)
    {
        var facts = new FileFacts("image/webp");
        var chunk = head[12..];
        if (chunk.StartsWith("VP8X"u8))
            return facts with
            {
                Animated = (head[20] & 0x02) != 0,
                Width = 1 + (head[24] | head[25] << 8 | head[26] << 16),
                Height = 1 + (head[27] | head[28] << 8 | head[29] << 16),
            };
        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return facts with { Width = (int)(bits & 0x3FFF) + 1, Height = (int)(bits >> 14 & 0x3FFF) + 1 };
        }
        return facts with
        {
            Width = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF,
            Height = BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF,
        };
    }

    // RFC 7845: the first packet is "OpusHead", a version, the channels.
    private static FileFacts Ogg(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("OpusHead"u8);
        return new FileFacts("audio/ogg") { OpusChannels = at > 0 && at + 9 < head.Length ? head[at + 9] : null };
    }

    // Only the directory of the archive is read, nothing is unpacked. One that carries macros is none of the types that WhatsApp names.
    private static FileFacts? OfficeOpen(Stream file)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            string? type = null;
            foreach (var entry in archive.Entries)
            {
                if (entry.FullName.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase))
                    return null;
                type ??= entry.FullName switch
                {
                    "word/document.xml" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                    "xl/workbook.xml" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "ppt/presentation.xml" =>
                        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                    _ => null,
                };
            }
            return type is null ? null : new FileFacts(type);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // The old formats are files in a file; which one is told by the name of the main part, in UTF-16.
    private static FileFacts? OfficeBinary(Stream file)
    {
        (byte[] Name, string MimeType)[] parts =
        [
            (Encoding.Unicode.GetBytes("WordDocument"), "application/msword"),
            (Encoding.Unicode.GetBytes("PowerPoint Document"), "application/vnd.ms-powerpoint"),
            (Encoding.Unicode.GetBytes("Workbook"), "application/vnd.ms-excel"),
        ];
        const int Overlap = 64;
        file.Position = 0;
        var window = new byte[64 * 1024 + Overlap];
        var kept = 0;
        int read;
        while ((read = file.Read(window, kept, window.Length - kept)) > 0)
        {
            var seen = window.AsSpan(0, kept + read);
            foreach (var (name, mimeType) in parts)
            {
                if (seen.IndexOf(name) >= 0)
                    return new FileFacts(mimeType);
            }
            kept = Math.Min(Overlap, seen.Length);
            seen[^kept..].CopyTo(window);
        }
        return null;
    }

    // No control characters but those of lines and pages. Which encoding it is does not matter: Japanese tables come in Shift_JIS.
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var one in head)
        {
            if (one < 0x20 && one is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') || one == 0x7F)
                return false;
        }
        return head.Length > 0;
    }
}
