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

    /// <summary>Whether a text names anything.</summary>
    public static bool AreIn(string text) => Placeholder().IsMatch(text);

    /// <summary>The text with everything that it names; else what it names that is not known and has no fallback.</summary>
    /// <param name="values">By name; null or missing: not known.</param>
    /// <param name="missing">Such as <c>contact.given_name</c>; also a name that is none of <see cref="All"/>.</param>
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
                    var name = found.Groups["name"].Value;
                    if (values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value))
                        return OneLine(value);
                    // A slip of the pen is not covered by a fallback: nobody would notice it.
                    if (found.Groups["fallback"].Success && All.Contains(name))
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

    // Meta refuses line breaks, tabs and rows of spaces in a value (132018).
    private static string OneLine(string value) => Spaces().Replace(value.Trim(), " ");

    [GeneratedRegex(@"\{(?<name>(?:contact|company|deal|ticket|agent)\.[a-z_]+)(?:\|(?<fallback>[^{}|]*))?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
