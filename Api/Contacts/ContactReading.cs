using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;

namespace Threadkeep.Contacts;

/// <summary>Reads what a request says about a contact: trimmed, numbers as E.164; or why it cannot be.</summary>
internal static partial class ContactReading
{
    /// <summary>Null where all is well.</summary>
    /// <param name="country">The account's: national numbers are written in its way.</param>
    /// <param name="values">What is to be stored, by the fields' keys; null empties.</param>
    public static ProblemHttpResult? Read(
        ContactRequest request,
        string country,
        out IReadOnlyDictionary<string, string?> values
    )
    {
        var read = new Dictionary<string, string?>();
        values = read;
        foreach (var field in ContactFields.All)
        {
            if (!request.Given.TryGetValue(field.Key, out var given))
                continue;
            var text = given?.Trim() is { Length: > 0 } some ? some : null;
            if (text is not null && Problem(field, ref text, country) is { } wrong)
                return wrong;
            read[field.Key] = text;
        }
        return null;
    }

    /// <summary>What the properties become.</summary>
    public static ContactProperties Apply(ContactProperties before, IReadOnlyDictionary<string, string?> values) =>
        ContactFields
            .All.Where(f => values.ContainsKey(f.Key))
            .Aggregate(before, (properties, field) => field.With(properties, values[field.Key]));

    private static ProblemHttpResult? Problem(ContactField field, ref string text, string country)
    {
        var isNote = field.Key == "note";
        if (isNote ? text.Length > field.Longest || text.Contains('\0') : !Lines.IsLineOrNothing(text, field.Longest))
            return Problems.BadRequest(
                $"{field.Key} may hold {field.Longest} characters{(isNote ? ", and no U+0000" : " on one line")}."
            );
        switch (field.Key)
        {
            case "phone" or "mobilePhone":
                if (ContactNumbers.Read(text, country) is not { } number)
                    return Problems.Of(
                        422,
                        "invalid_phone",
                        "This is not a phone number.",
                        $"{field.Key} must be a phone number with its country, such as +81 90 1234 5678.",
                        ("field", field.Key)
                    );
                text = number;
                return null;
            case "email"
                when !text.Contains('@', StringComparison.Ordinal) || !MimeKit.MailboxAddress.TryParse(text, out _):
                return Problems.Of(422, "invalid_address", "This is not an email address.", null, ("field", field.Key));
            case "language" when !LanguageTag().IsMatch(text):
                return Problems.BadRequest("language must be a language tag such as ja or pt-BR.");
            case "timeZone"
                when !text.Contains('/', StringComparison.Ordinal)
                    || !TimeZoneInfo.TryFindSystemTimeZoneById(text, out _):
                return Problems.BadRequest("timeZone must be the IANA name of a time zone, such as Asia/Tokyo.");
            default:
                return null;
        }
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    private static partial Regex LanguageTag();
}
