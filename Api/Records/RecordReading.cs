using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Contacts;
using Threadkeep.Hosting;

namespace Threadkeep.Records;

/// <summary>Reads what a request says about a company or a deal; or why it cannot be.</summary>
internal static class RecordReading
{
    private const decimal MostAmount = 99_999_999_999_999m;

    /// <summary>What the company becomes; null: see <paramref name="wrong"/>.</summary>
    public static Company? Read(Company before, CompanyRequest request, string country, out ProblemHttpResult? wrong)
    {
        wrong =
            Line("domain", request.Domain, 200)
            ?? Line("city", request.City, 100)
            ?? Line("phone", request.Phone, 40)
            ?? Common(before.Name, request);
        if (wrong is not null)
            return null;
        var phone = Trimmed(request.Phone);
        if (phone is not null && ContactNumbers.Read(phone, country) is var number && (phone = number) is null)
        {
            wrong = Problems.Of(
                422,
                "invalid_phone",
                "This is not a phone number.",
                "phone must be a phone number with its country, such as +81 3 1234 5678.",
                ("field", "phone")
            );
            return null;
        }
        return before with
        {
            Name = request.Or(nameof(request.Name), Trimmed(request.Name), before.Name)!,
            Domain = request.Or(nameof(request.Domain), Trimmed(request.Domain), before.Domain),
            Phone = request.Or(nameof(request.Phone), phone, before.Phone),
            City = request.Or(nameof(request.City), Trimmed(request.City), before.City),
            Note = request.Or(nameof(request.Note), Trimmed(request.Note), before.Note),
        };
    }

    /// <summary>What the deal becomes, but for its owner; null: see <paramref name="wrong"/>.</summary>
    public static Deal? Read(Deal before, DealRequest request, out ProblemHttpResult? wrong)
    {
        wrong = Common(before.Name, request);
        if (
            wrong is null
            && request.Amount is { } asked
            && (asked is < 0 or > MostAmount || decimal.Round(asked, 4) != asked)
        )
            wrong = Problems.BadRequest("amount must be 0 to 99999999999999, with up to four decimals.");
        if (wrong is null && request.Has(nameof(request.Stage)) && !DealStages.All.Contains(request.Stage))
            wrong = Problems.BadRequest("stage must be new, qualified, proposal, won or lost.");
        if (
            wrong is null
            && request.Currency is { } currency
            && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper))
        )
            wrong = Problems.BadRequest("currency must be a code such as JPY or USD.");
        if (wrong is not null)
            return null;
        var deal = before with
        {
            Name = request.Or(nameof(request.Name), Trimmed(request.Name), before.Name)!,
            Amount = request.Has(nameof(request.Amount)) ? request.Amount : before.Amount,
            Currency = request.Or(nameof(request.Currency), request.Currency, before.Currency),
            Stage = request.Or(nameof(request.Stage), request.Stage, before.Stage)!,
            CloseDate = request.Has(nameof(request.CloseDate)) ? request.CloseDate : before.CloseDate,
            Note = request.Or(nameof(request.Note), Trimmed(request.Note), before.Note),
        };
        if (deal is { Amount: not null, Currency: null })
            wrong = Problems.BadRequest("currency is needed where there is an amount.");
        return wrong is null ? deal : null;
    }

    private static ProblemHttpResult? Common(string before, RecordRequest request)
    {
        var name = request.Has(nameof(request.Name)) ? Trimmed(request.Name) : before;
        if (name is null or "")
            return Problems.BadRequest("name must hold 1 to 200 characters.");
        return Line("name", request.Name, 200)
            ?? (
                request.Note is { } note && (note.Length > ContactFields.LongestNote || note.Contains('\0'))
                    ? Problems.BadRequest($"note may hold {ContactFields.LongestNote} characters, and no U+0000.")
                    : null
            );
    }

    private static ProblemHttpResult? Line(string field, string? text, int longest) =>
        Lines.IsLineOrNothing(text, longest)
            ? null
            : Problems.BadRequest($"{field} may hold {longest} characters on one line.");

    private static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}
