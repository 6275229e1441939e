using PhoneNumbers;

namespace Threadkeep.Contacts;

/// <summary>A phone number as a person writes it, as E.164.</summary>
internal static class ContactNumbers
{
    /// <summary>E.164 with its +; null where it is no number that could exist.</summary>
    /// <param name="country">Whose way of writing national numbers it is, e.g. JP.</param>
    public static string? Read(string text, string country)
    {
        var numbers = PhoneNumberUtil.GetInstance();
        try
        {
            var number = numbers.Parse(text, country);
            if (number.HasExtension)
                return null;
            // Possible is enough: the tables of valid ranges are older than the newest ranges.
            if (numbers.IsPossibleNumber(number))
                return numbers.Format(number, PhoneNumberFormat.E164);
            // The tables have forgotten Mexico's 1 before mobile numbers; WhatsApp and many address books have not (ADR 084).
            var digits = $"{number.CountryCode}{number.NationalNumber}";
            var key = NumberForms.Key(digits);
            return key != digits && numbers.IsPossibleNumber(numbers.Parse("+" + key, null)) ? "+" + digits : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
