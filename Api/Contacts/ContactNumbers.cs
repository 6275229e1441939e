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
            // Possible is enough: the tables of valid ranges are older than the newest ranges.
            return numbers.IsPossibleNumber(number) && !number.HasExtension
                ? numbers.Format(number, PhoneNumberFormat.E164)
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
