using Threadkeep.Contacts;

namespace Threadkeep.Search;

/// <summary>What a customer is found by, as the index holds it.</summary>
/// <param name="Names">Folded, one a line.</param>
/// <param name="Digits">Numbers, digits only, with a space between.</param>
public readonly record struct CustomerWords(string Names, string Digits)
{
    public static CustomerWords Of(
        string? contactName,
        string? profileName,
        string? username,
        string? waId,
        string? phone
    ) =>
        new(
            Joined('\n', [contactName, profileName, username], Folding.Fold),
            Joined(' ', [waId, phone], NumberForms.Digits)
        );

    /// <summary>All of the words are in the names, or one of the parts is in a number.</summary>
    public bool Fit(CustomerQuery query)
    {
        var (names, numbers) = this;
        return query.Terms.All(t => names.Contains(t, StringComparison.Ordinal))
            || query.Digits.Any(d => numbers.Contains(d, StringComparison.Ordinal));
    }

    private static string Joined(char between, string?[] all, Func<string, string> read) =>
        string.Join(between, all.OfType<string>().Select(read).Where(t => t.Length > 0).Distinct());
}

/// <summary>Which customers somebody looks for.</summary>
/// <param name="Terms">Folded words, each of which must be in a name of the customer's; at least one.</param>
/// <param name="Digits">Or one of these in a number, as digits; none: no number is meant.</param>
public sealed record CustomerQuery(IReadOnlyList<string> Terms, IReadOnlyList<string> Digits);
