using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Threadkeep.WhatsApp.Templates;

/// <summary>
/// What stands for something that is known of the receiver: <c>{contact.given_name}</c>, or <c>{contact.given_name|there}</c> with what is
/// said where it is not known.
/// </summary>
public static partial class Placeholders
{
    /// <summary>Everything that can be named.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "contact.name",
        "contact.given_name",
        "contact.family_name",
        "contact.honorific",
        "contact.email",
        "contact.phone",
        "company.name",
        "deal.name",
        "deal.amount",
        "deal.close_date",
        "ticket.number",
        "ticket.subject",
        "agent.name",
    ];

    /// <summary>
    /// What in a text is meant as a placeholder and is none, as it is written there: a name that is none of <see cref="All"/>, braces in
    /// braces, two of them, a brace that is missing or of another width. Null: nothing.
    /// </summary>
    public static string? WrongIn(string text)
    {
        foreach (Match attempt in Attempt().Matches(text))
        {
            var whole = Placeholder().Match(text, attempt.Index);
            var isWhole = whole.Success && whole.Index == attempt.Index && All.Contains(NameOf(whole));
            var isInBraces = attempt.Index > 0 && text[attempt.Index - 1] == '{';
            if (!isWhole || isInBraces)
                return attempt.Groups["name"].Value;
        }
        return null;
    }

    /// <summary>Whether a text names anything.</summary>
    public static bool AreIn(string text) => Placeholder().IsMatch(text);

    /// <summary>The text with everything that it names; else what it names that is not known and has no fallback.</summary>
    /// <param name="values">By name; null or missing: not known.</param>
    /// <param name="missing">Such as <c>contact.given_name</c>.</param>
    public static bool TryFill(
        string text,
        IReadOnlyDictionary<string, string?> values,
        [NotNullWhen(true)] out string? filled,
        [NotNullWhen(false)] out string? missing
    )
    {
        string? without = null;
        filled = Placeholder()
            .Replace(
                text,
                found =>
                {
                    var name = NameOf(found);
                    if (values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value))
                        return OneLine(value);
                    if (found.Groups["fallback"].Success)
                        return found.Groups["fallback"].Value.Trim();
                    without ??= name;
                    return "";
                }
            );
        missing = without;
        if (without is not null)
            filled = null;
        return without is null;
    }

    // However it is written: all names are in small letters, so no two can be meant.
    private static string NameOf(Match placeholder) => placeholder.Groups["name"].Value.ToLowerInvariant();

    // Meta refuses line breaks, tabs and rows of spaces in a value (132018).
    private static string OneLine(string value) => Spaces().Replace(value.Trim(), " ");

    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(
        @"\{\s*(?<name>(?:contact|company|deal|ticket|agent)\.[a-z_]+)\s*(?:\|(?<fallback>[^{}|]*))?\}",
        AnyCase
    )]
    private static partial Regex Placeholder();

    // Whatever begins as one does, and two words with a dot alone between braces: so nobody writes a text.
    [GeneratedRegex(
        @"[{｛]\s*(?<name>(?:contact|company|deal|ticket|agent)\s*[.．][^\s{}|｛｝]*|[a-z_]+\s*[.．]\s*[a-z_]+(?=\s*[|}｝]))",
        AnyCase
    )]
    private static partial Regex Attempt();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
