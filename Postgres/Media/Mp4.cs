using System.Buffers.Binary;
using System.Text;

namespace Threadkeep.Media;

/// <summary>Reads what an MP4 holds: film or only sound, and in which codecs (ISO/IEC 14496-12).</summary>
internal static class Mp4
{
    // Deep and long enough for every file that plays; a made one must not keep us busy.
    private const int MaxBoxes = 4_096;

    /// <summary>Null for relatives of MP4 that WhatsApp does not carry (QuickTime, HEIC, AVIF).</summary>
    public static FileFacts? Inspect(Stream file, ReadOnlySpan<byte> brand)
    {
        if (brand.SequenceEqual("qt  "u8) || IsStillPicture(brand))
            return null;
        var tracks = new Tracks();
        var left = MaxBoxes;
        Walk(file, 0, file.Length, tracks, ref left);
        var mimeType =
            brand.StartsWith("3g"u8) ? "video/3gpp"
            : brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8) || tracks is { Sound: true, Film: false }
                ? "audio/mp4"
            : "video/mp4";
        return new FileFacts(mimeType) { Codecs = tracks.Codecs };
    }

    private static bool IsStillPicture(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("heic"u8)
        || brand.SequenceEqual("heix"u8)
        || brand.SequenceEqual("mif1"u8)
        || brand.SequenceEqual("msf1"u8)
        || brand.SequenceEqual("avif"u8)
        || brand.SequenceEqual("avis"u8);

    private static void Walk(Stream file, long from, long to, Tracks tracks, ref int left)
    {
        Span<byte> header = stackalloc byte[16];
        while (from + 8 <= to && left-- > 0)
        {
            file.Position = from;
            if (file.ReadAtLeast(header[..8], 8, throwOnEndOfStream: false) < 8)
                return;
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            var type = Encoding.Latin1.GetString(header.Slice(4, 4));
            var content = from + 8;
            if (size == 1)
            {
                if (file.ReadAtLeast(header[8..], 8, throwOnEndOfStream: false) < 8)
                    return;
                size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
                content += 8;
            }
            else if (size == 0)
                size = to - from; // to the end
            // No box is shorter than its header or longer than what it lies in.
            if (size < content - from || size > to - from)
                return;
            if (type is "moov" or "trak" or "mdia" or "minf" or "stbl")
                Walk(file, content, from + size, tracks, ref left);
            else if (type is "hdlr" or "stsd")
                tracks.Read(type, file, content);
            from += size;
        }
    }

    private sealed class Tracks
    {
        public bool Film { get; private set; }
        public bool Sound { get; private set; }
        public List<string> Codecs { get; } = [];

        // hdlr: version and flags, 4 bytes of zero, the kind. stsd: version and flags, a count, then a box whose type is the codec.
        public void Read(string type, Stream file, long content)
        {
            Span<byte> bytes = stackalloc byte[4];
            file.Position = content + (type == "hdlr" ? 8 : 12);
            if (file.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) < 4)
                return;
            var word = Encoding.Latin1.GetString(bytes);
            if (type == "stsd")
                Codecs.Add(word);
            else if (word == "vide")
                Film = true;
            else if (word == "soun")
                Sound = true;
        }
    }
}
