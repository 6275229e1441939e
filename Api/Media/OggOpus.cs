using System.Buffers.Binary;

namespace Threadkeep.Media;

/// <summary>The packets of one Opus stream in Ogg (RFC 3533, RFC 7845).</summary>
/// <param name="Packets">Sound only: the two headers are not among them.</param>
/// <param name="Seconds">Its length.</param>
public sealed record OggOpus(IReadOnlyList<ReadOnlyMemory<byte>> Packets, double Seconds)
{
    private const int PageHeaderBytes = 27;

    // Granules count samples at this rate, whatever was recorded.
    private const double Rate = 48_000;

    /// <summary>Null where it is no such file, or broken.</summary>
    public static OggOpus? Read(ReadOnlyMemory<byte> file)
    {
        var packets = new List<ReadOnlyMemory<byte>>();
        var begun = new List<byte>();
        long last = 0;
        for (var at = 0; at + PageHeaderBytes <= file.Length; )
        {
            var page = file.Span[at..];
            int segments = page[26];
            if (!page.StartsWith("OggS"u8) || page.Length < PageHeaderBytes + segments)
                return null;
            // -1: no packet ends on this page.
            last = Math.Max(last, BinaryPrimitives.ReadInt64LittleEndian(page[6..]));
            var content = PageHeaderBytes + segments;
            foreach (var length in page.Slice(PageHeaderBytes, segments))
            {
                if (page.Length < content + length)
                    return null;
                begun.AddRange(page.Slice(content, length));
                content += length;
                // A packet goes on as long as its pieces are full.
                if (length == 255)
                    continue;
                packets.Add(begun.ToArray());
                begun.Clear();
            }
            at += content;
        }
        if (packets.Count < 3 || !packets[0].Span.StartsWith("OpusHead"u8) || packets[0].Length < 19)
            return null;
        // Samples at the beginning that are only there to warm the decoder up.
        var skipped = BinaryPrimitives.ReadUInt16LittleEndian(packets[0].Span[10..]);
        return new OggOpus(packets[2..], Math.Max(0, last - skipped) / Rate);
    }
}
