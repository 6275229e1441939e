using System.Globalization;

namespace Threadkeep.Quarantine;

/// <summary>Numbers that are somebody's secret, told from others by their check digits. Pure.</summary>
internal static class Numbers
{
    /// <summary>A stretch of a text that reads as one number or code, with what it says.</summary>
    internal readonly record struct Run(int Start, int Length, string Digits);

    /// <summary>
    /// What may be one number of so many places: figures in any script and width, in groups with one space, hyphen, dot or slash between them;
    /// capital letters too where they are asked for. Groups that stand together are tried in every way, since a date may follow a card.
    /// </summary>
    public static IEnumerable<Run> RunsIn(string text, bool withLetters, int least, int most)
    {
        var groups = GroupsIn(text, withLetters);
        for (var first = 0; first < groups.Count; first++)
        {
            var digits = "";
            for (var last = first; last < groups.Count && digits.Length < most; last++)
            {
                if (last > first && !AreTogether(text, groups[last - 1], groups[last]))
                    break;
                digits += groups[last].Digits;
                if (digits.Length >= least && digits.Length <= most)
                    yield return new Run(
                        groups[first].Start,
                        groups[last].Start + groups[last].Length - groups[first].Start,
                        digits
                    );
            }
        }
    }

    private static bool AreTogether(string text, Run one, Run next) =>
        next.Start == one.Start + one.Length + 1
        && text[next.Start - 1] is ' ' or '-' or '.' or '/' or '\u00A0' or '\u3000' or '－' or '‐' or '–';

    private static List<Run> GroupsIn(string text, bool withLetters)
    {
        var groups = new List<Run>();
        for (var at = 0; at < text.Length; at++)
        {
            if (Value(text[at], withLetters) is null)
                continue;
            var start = at;
            var digits = new System.Text.StringBuilder();
            while (at < text.Length && Value(text[at], withLetters) is { } value)
            {
                digits.Append(value);
                at++;
            }
            // A part of a word or of a longer name is no number.
            if ((start == 0 || !IsWord(text[start - 1])) && (at == text.Length || !IsWord(text[at])))
                groups.Add(new Run(start, at - start, digits.ToString()));
        }
        return groups;
    }

    /// <summary>A payment card: a known issuer's beginning, its length, and Luhn's digit (ISO/IEC 7812-1).</summary>
    public static bool IsCard(string digits) => HasIssuer(digits) && IsVaried(digits) && Luhn(digits);

    /// <summary>Japan's Individual Number: 12 figures, the last of them a check digit (Ordinance 85 of 2014, article 5).</summary>
    public static bool IsMyNumber(string digits)
    {
        if (digits.Length != 12 || !IsVaried(digits))
            return false;
        var sum = 0;
        for (var n = 1; n <= 11; n++)
            sum += (digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
        var rest = sum % 11;
        return digits[11] - '0' == (rest <= 1 ? 0 : 11 - rest);
    }

    public static bool IsCpf(string digits) =>
        digits.Length == 11
        && IsVaried(digits)
        && Mod11(digits.AsSpan(0, 9), 10) == digits[9] - '0'
        && Mod11(digits.AsSpan(0, 10), 11) == digits[10] - '0';

    /// <summary>14 places, the last two figures; letters count as their code less 48.</summary>
    public static bool IsCnpj(string code) =>
        code.Length == 14
        && char.IsAsciiDigit(code[12])
        && char.IsAsciiDigit(code[13])
        && IsVaried(code)
        && Mod11(code.AsSpan(0, 12), 9) == code[12] - '0'
        && Mod11(code.AsSpan(0, 13), 9) == code[13] - '0';

    private static char? Value(char c, bool withLetters) =>
        CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? (char)('0' + digit)
        : withLetters && c is >= 'A' and <= 'Z' ? c
        : null;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) && c < '\u2E80';

    private static bool IsVaried(string digits) => digits.AsSpan().ContainsAnyExcept(digits[0]);

    private static bool Luhn(string digits)
    {
        var sum = 0;
        for (var n = 0; n < digits.Length; n++)
        {
            var digit = digits[^(n + 1)] - '0';
            if (n % 2 == 1 && (digit *= 2) > 9)
                digit -= 9;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    private static bool HasIssuer(string digits)
    {
        if (digits.Length is < 13 or > 19)
            return false;
        var four = int.Parse(digits.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return (digits.Length, four) switch
        {
            (13 or 16 or 19, >= 4000 and <= 4999) => true, // Visa
            (16, >= 5100 and <= 5599 or >= 2221 and <= 2720) => true, // Mastercard
            (15, >= 3400 and <= 3499 or >= 3700 and <= 3799) => true, // American Express
            (16, >= 3528 and <= 3589) => true, // JCB
            (14, >= 3000 and <= 3059 or >= 3600 and <= 3699 or >= 3800 and <= 3999) => true, // Diners Club
            (16, 6011 or >= 6440 and <= 6599) => true, // Discover
            (>= 16, >= 6200 and <= 6299) => true, // UnionPay
            (16, >= 5060 and <= 5099 or >= 6360 and <= 6369) => true, // Elo
            _ => false,
        };
    }

    // Weights rise from 2 at the right; for companies they begin again after 9.
    private static int Mod11(ReadOnlySpan<char> code, int heaviest)
    {
        var sum = 0;
        for (var n = 0; n < code.Length; n++)
            sum += (code[code.Length - 1 - n] - '0') * (2 + n % (heaviest - 1));
        var rest = sum % 11;
        return rest < 2 ? 0 : 11 - rest;
    }
}
