using System.Globalization;
using System.Text;

namespace Threadkeep.Hosting;

/// <summary>One line of text that people give to something: names, subjects, tags, labels.</summary>
public static class Lines
{
    // Letters by their class that show nothing: Hangul's fillers and the empty Braille cell.
    private static readonly Rune[] Blanks = [.. "\u115F\u1160\u3164\uFFA0\u2800".EnumerateRunes()];

    /// <summary>
    /// True for up to <paramref name="longest"/> characters in which there is something to see, without line ends, other control characters
    /// and what turns the direction of the text around it (U+202A to U+202E, U+2066 to U+2069): a list of names would be read wrongly.
    /// Marks that belong to a script, such as U+200F and the joiners of emoji, are text.
    /// </summary>
    public static bool IsLine(string? text, int longest) =>
        text is not null && text.Length <= longest && IsPlain(text) && text.EnumerateRunes().Any(Shows);

    /// <summary>The same where there may be nothing.</summary>
    public static bool IsLineOrNothing(string? text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? (text?.Length ?? 0) <= longest : IsLine(text, longest);

    private static bool IsPlain(string text) =>
        !text.Any(c =>
            char.IsControl(c)
            || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        );

    private static bool Shows(Rune rune) =>
        !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format && !Blanks.Contains(rune);
}
