namespace Threadkeep.Contacts;

/// <summary>
/// The ways in which one mobile number is written in E.164, digits only: Brazil's and Argentina's 9 and Mexico's 1 come and go between
/// what people dial, what they write down and what Meta calls them by. Brazil's is a mobile's alone: an old mobile number begins with 6 to 9,
/// and what begins with 2 to 5 without the 9 is a landline, which may be somebody else's. `threadkeep.number_forms` says the same in SQL.
/// </summary>
public static class NumberForms
{
    /// <summary>The form that all ways of writing a number share.</summary>
    public static string Key(string digits) =>
        digits.Length == 13
        && digits.StartsWith("55", StringComparison.Ordinal)
        && digits[4] == '9'
        && digits[5] is >= '6' and <= '9'
            ? digits[..4] + digits[5..]
        : digits.Length == 13
        && (digits.StartsWith("549", StringComparison.Ordinal) || digits.StartsWith("521", StringComparison.Ordinal))
            ? digits[..2] + digits[3..]
        : digits;

    /// <summary>Every way of writing the number of a key.</summary>
    public static string[] Of(string key) =>
        key.Length != 12 ? [key]
        : key.StartsWith("55", StringComparison.Ordinal) && key[4] is >= '6' and <= '9'
            ? [key, $"{key[..4]}9{key[4..]}"]
        : key.StartsWith("54", StringComparison.Ordinal) ? [key, $"549{key[2..]}"]
        : key.StartsWith("52", StringComparison.Ordinal) ? [key, $"521{key[2..]}"]
        : [key];

    /// <summary>The key of a stored number such as +819012345678; null where there is none.</summary>
    public static string? KeyOf(string? number) => number is null ? null : Key(Digits(number));

    /// <summary>The digits alone of a number such as +81 90-1234-5678.</summary>
    public static string Digits(string number) => string.Concat(number.Where(char.IsAsciiDigit));
}
