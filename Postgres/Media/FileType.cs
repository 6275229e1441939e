namespace Threadkeep.Media;

/// <summary>A file's type by its first bytes. What a header or a name says is never believed.</summary>
public static class FileType
{
    /// <summary>The MIME type of the kinds WhatsApp carries; null for anything else.</summary>
    public static string? Sniff(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 3 && head[0] == 0xFF && head[1] == 0xD8 && head[2] == 0xFF)
            return "image/jpeg";
        if (head.Length >= 8 && head[0] == 0x89 && head[1..].StartsWith("PNG\r\n\u001a\n"u8))
            return "image/png";
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            return "image/webp";
        if (head.StartsWith("GIF8"u8))
            return "image/gif";
        if (head.StartsWith("%PDF-"u8))
            return "application/pdf";
        if (head.StartsWith("OggS"u8))
            return "audio/ogg";
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8))
            return head[8..].StartsWith("3g"u8) ? "video/3gpp" : "video/mp4";
        if (head.StartsWith("#!AMR"u8))
            return "audio/amr";
        if (head.StartsWith("ID3"u8) || head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE0) == 0xE0)
            return "audio/mpeg";
        return null;
    }

    /// <summary>True for pictures that a browser may show in the page.</summary>
    public static bool IsPicture(string mimeType) =>
        mimeType is "image/jpeg" or "image/png" or "image/webp" or "image/gif";
}
