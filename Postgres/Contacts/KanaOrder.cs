using System.Text;
using Threadkeep.Search;

namespace Threadkeep.Contacts;

/// <summary>
/// The order of a Japanese directory (after JIS X 4061): は, ば and ぱ, つ and っ stand together, ー counts as the vowel that it
/// lengthens, and only between what is otherwise the same do such marks decide. Other scripts go by their folded characters.
/// </summary>
public static class KanaOrder
{
    private const int Longest = 120;
    private const string Marked = "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔぁぃぅぇぉっゃゅょゎゕゖ";
    private const string Plain = "かきくけこさしすせそたちつてとはひふへほはひふへほうあいうえおつやゆよわかけ";

    // By vowel; what is in none lengthens nothing.
    private static readonly string[] Vowels =
    [
        "あかさたなはまやらわ",
        "いきしちにひみりゐ",
        "うくすつぬふむゆる",
        "えけせてねへめれゑ",
        "おこそとのほもよろを",
    ];

    /// <summary>A text's place, to be compared code point by code point.</summary>
    public static string Key(string text)
    {
        var folded = Folding.Fold(text).Trim();
        if (folded.Length > Longest)
            folded = folded[..(char.IsHighSurrogate(folded[Longest - 1]) ? Longest - 1 : Longest)];
        var key = new StringBuilder(folded.Length * 2 + 1);
        foreach (var c in folded)
            key.Append(PlainOf(c, key.Length == 0 ? '\0' : key[^1]));
        // Below every character of a text, so that the shorter of two comes first.
        return key.Append('\u0001').Append(folded).ToString();
    }

    private static char PlainOf(char c, char before)
    {
        if (c == 'ー')
            return Array.Find(Vowels, v => v.Contains(before)) is { } row ? row[0] : c;
        var at = Marked.IndexOf(c, StringComparison.Ordinal);
        return at < 0 ? c : Plain[at];
    }
}
