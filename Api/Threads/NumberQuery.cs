using PhoneNumbers;
using Threadkeep.Contacts;
using Threadkeep.Search;

namespace Threadkeep.Threads;

/// <summary>A phone number as somebody types it: 090-1234-5678 in Japan is 819012345678 at Meta.</summary>
internal static class NumberQuery
{
    private static readonly char[] Dashes = ['‐', '‒', '–', '—', '―', '−', 'ー'];

    /// <summary>What an E.164 number holds if it is the one that is meant, or a part of it: one of these. Null where this is no number.</summary>
    /// <param name="country">Whose way of writing numbers it is, e.g. JP.</param>
    public static string[]? Digits(string query, string country)
    {
        var text = Folding.Fold(query);
        foreach (var dash in Dashes)
            text = text.Replace(dash, '-');
        var digits = NumberForms.Digits(text);
        if (digits.Length < 3 || text.Any(char.IsLetter))
            return null;
        if (text[0] is not ('0' or '+'))
            return Forms(digits);
        try
        {
            var number = PhoneNumberUtil.GetInstance().Parse(text, country);
            return [digits, .. Forms($"{number.CountryCode}{number.NationalNumber}")];
        }
        catch (NumberParseException)
        {
            return [text[0] == '0' ? digits[1..] : digits]; // too short to be a number: part of one, perhaps without its trunk zero
        }
    }

    // However Meta writes it.
    private static string[] Forms(string digits) => NumberForms.Of(NumberForms.Key(digits));
}
