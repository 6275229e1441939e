using System.Globalization;
using System.Text;

namespace Threadkeep.Search;

/// <summary>
/// What search takes for the same: case, full and half width, katakana and hiragana, accents, and the many forms that Unicode has for
/// one character, ß and ss, and the two wave dashes. The marks that make が of か stay, as do ー and 々. Runs of white space become one
/// space. Text and query are folded alike, so a hit in the original is a hit in the folded text.
/// What is stored folded must follow when this changes (ADR 096).
/// </summary>
public static class Folding
{
    /// <summary>
    /// Of rows with a folded <c>text</c>: an earlier version folded it, since these characters are in nothing that is folded now.
    /// Word for word the condition of the indexes <c>message_search_older</c> and <c>thread_search_older</c>.
    /// </summary>
    internal const string IsOlder = "(text like '%〜%' or text like '%ß%')";

    /// <summary>The folded text alone.</summary>
    public static string Fold(string text) => FoldedText.Of(text).Text;

    // A cluster is what must be folded together: a character and the marks, joiners and jamo that follow it.
    internal static int ClusterEnd(ReadOnlySpan<char> text, int start)
    {
        var end = start + RuneAt(text, start, out _);
        while (end < text.Length)
        {
            var length = RuneAt(text, end, out var rune);
            if (!Follows(rune))
                break;
            end += length;
        }
        return end;
    }

    /// <summary>Appends one folded cluster.</summary>
    internal static void Append(StringBuilder to, ReadOnlySpan<char> cluster)
    {
        if (cluster.Length == 1 && Quick(cluster[0]) is var quick and not '\0')
        {
            AppendFolded(to, quick);
            return;
        }
        var whole = new StringBuilder(cluster.Length);
        for (var at = 0; at < cluster.Length; )
        {
            at += RuneAt(cluster, at, out var rune);
            // The marks of が and ぱ, written as characters of their own.
            if (rune.Value is 0x309B or 0xFF9E)
                whole.Append('\u3099');
            else if (rune.Value is 0x309C or 0xFF9F)
                whole.Append('\u309A');
            else if (!IsDropped(rune))
                whole.Append(rune.ToString());
        }
        var folded = new StringBuilder(whole.Length);
        foreach (var rune in Normalized(whole, NormalizationForm.FormKD).EnumerateRunes())
        {
            if (IsDropped(rune) || IsAccent(rune))
                continue;
            var lower = Rune.ToLowerInvariant(rune);
            if (lower.Value == 'ς')
                folded.Append('σ');
            else if (lower.Value is 'ß' or 'ẞ')
                folded.Append("ss");
            // The wave dash is what some keyboards write and ～, which is a wide ~, what others do.
            else if (lower.Value == '〜')
                folded.Append('~');
            else if (lower.Value is >= 'ァ' and <= 'ヶ')
                folded.Append((char)(lower.Value - ('ァ' - 'ぁ')));
            else
                folded.Append(lower.ToString());
        }
        foreach (var c in Normalized(folded, NormalizationForm.FormC))
            AppendFolded(to, c);
    }

    private static void AppendFolded(StringBuilder to, char c)
    {
        if (!char.IsWhiteSpace(c))
            to.Append(c);
        else if (to.Length > 0 && to[^1] != ' ')
            to.Append(' ');
    }

    // Most of what people write needs no tables. U+0000: this one does.
    private static char Quick(char c) =>
        c switch
        {
            >= 'A' and <= 'Z' => (char)(c | 0x20),
            >= ' ' and <= '~' or '\t' or '\n' or '\r' => c,
            >= 'ぁ' and <= 'ゖ' or >= '一' and <= '\u9FFF' or '。' or '、' or 'ー' or '々' => c,
            >= 'ァ' and <= 'ヶ' => (char)(c - ('ァ' - 'ぁ')),
            _ => '\0',
        };

    private static string Normalized(StringBuilder text, NormalizationForm form) =>
        text.Length == 0 ? "" : text.ToString().Normalize(form);

    // A lone surrogate reads as U+FFFD.
    private static int RuneAt(ReadOnlySpan<char> text, int at, out Rune rune)
    {
        Rune.DecodeFromUtf16(text[at..], out rune, out var length);
        return length;
    }

    private static bool Follows(Rune rune) =>
        rune.Value is 0x309B or 0x309C or 0xFF9E or 0xFF9F or (>= 0x1160 and <= 0x11FF)
        || IsDropped(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
        // Korean vowels and finals, written as characters of their own.
        || rune.Value is (>= 0x3131 and <= 0x318E) or (>= 0xFFA0 and <= 0xFFDC)
            && rune.ToString().Normalize(NormalizationForm.FormKD)[0] is >= '\u1160' and <= '\u11FF';

    // Direction marks, joiners, variation selectors, other controls, and what .NET will not normalise.
    private static bool IsDropped(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)
        || (rune.Value & 0xFFFE) == 0xFFFE
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
        || Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune);

    // Of Latin, Greek, Cyrillic, Hebrew and Arabic; the vowel signs of other scripts are letters to their readers.
    private static bool IsAccent(Rune rune) =>
        rune.Value
            is (>= 0x0300 and <= 0x036F)
                or (>= 0x0591 and <= 0x05C7)
                or (>= 0x064B and <= 0x065F)
                or 0x0670
                or (>= 0x1AB0 and <= 0x1AFF)
                or (>= 0x1DC0 and <= 0x1DFF)
                or (>= 0x20D0 and <= 0x20FF)
                or (>= 0xFE20 and <= 0xFE2F)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}

/// <summary>A folded text that knows where in the original each of its characters came from.</summary>
public sealed class FoldedText
{
    private readonly int[] starts;
    private readonly int[] ends;

    private FoldedText(string text, int[] starts, int[] ends) => (Text, this.starts, this.ends) = (text, starts, ends);

    public string Text { get; }

    public static FoldedText Of(string original)
    {
        var text = new StringBuilder(original.Length);
        var starts = new List<int>(original.Length);
        var ends = new List<int>(original.Length);
        for (var start = 0; start < original.Length; )
        {
            var end = Folding.ClusterEnd(original, start);
            Folding.Append(text, original.AsSpan(start, end - start));
            while (starts.Count < text.Length)
            {
                starts.Add(start);
                ends.Add(end);
            }
            start = end;
        }
        if (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        return new FoldedText(text.ToString(), [.. starts], [.. ends]);
    }

    /// <summary>Where the terms stand in the original, in UTF-16 units: in order, apart from each other.</summary>
    /// <param name="terms">Folded, not empty.</param>
    /// <param name="most">No more than so many.</param>
    public IReadOnlyList<(int Start, int Length)> Find(IEnumerable<string> terms, int most)
    {
        var found = new List<(int Start, int End)>();
        foreach (var term in terms)
        {
            var count = 0;
            for (
                var at = Text.IndexOf(term, StringComparison.Ordinal);
                at >= 0 && count < most;
                at = Text.IndexOf(term, at + term.Length, StringComparison.Ordinal), count++
            )
                found.Add((starts[at], ends[at + term.Length - 1]));
        }
        found.Sort();
        var apart = new List<(int Start, int Length)>();
        foreach (var (start, end) in found)
        {
            if (apart.Count > 0 && start <= apart[^1].Start + apart[^1].Length)
                apart[^1] = (apart[^1].Start, Math.Max(apart[^1].Start + apart[^1].Length, end) - apart[^1].Start);
            else if (apart.Count < most)
                apart.Add((start, end - start));
        }
        return apart;
    }
}
