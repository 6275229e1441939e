using System.Globalization;
using System.Text;

namespace Threadkeep.Hosting;

/// <summary>One line of text that people give to something: names, subjects, tags, labels.</summary>
public static class Lines
{
    // Letters by their class that show nothing: Hangul's fillers and the empty Braille cell.
    private static readonly Rune[] Blanks = [.. "\u115F\u1160\u3164\uFFA0\u2800".EnumerateRunes()];

    /// <summary>
    /// True for up to <paramref name="longest"/> characters in which there is something to see, without line ends and other control characters.
    /// Marks of direction are text: each name is shown for itself.
    /// </summary>
    public static bool IsLine(string? text, int longest) =>
        text is not null
        && text.Length <= longest
        && !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')
        && text.EnumerateRunes().Any(Shows);

    /// <summary>The same where there may be nothing.</summary>
    public static bool IsLineOrNothing(string? text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? (text?.Length ?? 0) <= longest : IsLine(text, longest);

    /// <summary>
    /// The same for the name of somebody who works here, which stands within sentences and in front of messages: nothing in it may turn the
    /// direction of what follows (U+202A to U+202E, U+2066 to U+2069). Marks that belong to a script, such as U+200F, may.
    /// </summary>
    public static bool IsName(string? text, int longest) =>
        IsLine(text, longest) && !text!.Any(c => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    private static bool Shows(Rune rune) =>
        !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format && !Blanks.Contains(rune);
}
