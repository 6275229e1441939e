using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>
/// Makes a body's text storable before anything reads it: U+0000, which PostgreSQL cannot hold, and lone surrogates,
/// which no encoding can, become U+FFFD.
/// </summary>
public static class JsonCleaner
{
    /// <summary>Cleans in place where the bytes are valid UTF-8, else in a copy. Escapes keep their length, so nothing moves.</summary>
    public static Memory<byte> Clean(Memory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));
        var bytes = body.Span;
        for (var at = 0; at + 1 < bytes.Length; at++)
        {
            if (bytes[at] != '\\')
                continue;
            if (bytes[at + 1] != 'u' || !TryUnit(bytes, at, out var unit))
            {
                at++; // an escape of one character, a backslash among them
                continue;
            }
            if (char.IsHighSurrogate(unit) && TryUnit(bytes, at + 6, out var low) && char.IsLowSurrogate(low))
            {
                at += 11;
                continue;
            }
            if (unit == '\0' || char.IsSurrogate(unit))
                "fffd"u8.CopyTo(bytes[(at + 2)..]);
            at += 5;
        }
        return body;
    }

    private static bool TryUnit(ReadOnlySpan<byte> bytes, int at, out char unit)
    {
        unit = default;
        if (at + 6 > bytes.Length || bytes[at] != '\\' || bytes[at + 1] != 'u')
            return false;
        if (
            !ushort.TryParse(
                bytes.Slice(at + 2, 4),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var value
            )
        )
            return false;
        unit = (char)value;
        return true;
    }
}
