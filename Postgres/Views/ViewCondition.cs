using System.Globalization;
using Threadkeep.Tickets;

namespace Threadkeep.Views;

/// <summary>One condition of a view.</summary>
/// <param name="Values">For <see cref="ViewOperators.AnyOf"/>, <see cref="ViewOperators.NoneOf"/>, <see cref="ViewOperators.Contains"/>.</param>
/// <param name="From">For <see cref="ViewOperators.Between"/>: a number or an RFC 3339 time; null: open.</param>
/// <param name="Hours">For <see cref="ViewOperators.NewerThan"/> and <see cref="ViewOperators.OlderThan"/>.</param>
public sealed record ViewCondition(
    string Property,
    string Operator,
    IReadOnlyList<string>? Values = null,
    string? From = null,
    string? To = null,
    double? Hours = null
)
{
    public const int Most = 50;
    public const int MostValues = 100;

    /// <summary>Characters of a value.</summary>
    public const int LongestValue = 200;

    /// <summary>Whoever looks, as a value of an agent.</summary>
    public const string Me = "me";

    /// <summary>Any team of whoever looks, as a value of a team.</summary>
    public const string Mine = "mine";

    /// <summary>Why this cannot be; null where it can. A property that is not there (any more) is no reason: see <see cref="ViewSql"/>.</summary>
    public string? Problem(ViewCatalogue catalogue)
    {
        if (catalogue.Find(Property) is not { } property)
            return $"There is no property {Property}.";
        if (!property.Operators.Contains(Operator))
            return $"{Property} has no operator {Operator}.";
        switch (Operator)
        {
            case ViewOperators.AnyOf or ViewOperators.NoneOf or ViewOperators.Contains:
                if (Values is not { Count: > 0 and <= MostValues })
                    return $"{Property}: 1 to {MostValues} values are needed.";
                foreach (var value in Values)
                {
                    if (value is not { Length: > 0 and <= LongestValue } || value.Contains('\0'))
                        return $"{Property}: a value may hold 1 to {LongestValue} characters.";
                    if (!Fits(property, value))
                        return $"{Property}: {value} is not one of its values.";
                }
                return null;
            case ViewOperators.Between:
                if (From is null && To is null)
                    return $"{Property}: one end is needed at least.";
                Func<string, bool> reads = property.Type switch
                {
                    PropertyType.Number => IsNumber,
                    PropertyType.Date => IsDate,
                    _ => IsTime,
                };
                return From is null || reads(From)
                    ? To is null || reads(To)
                        ? null
                        : Bad(To)
                    : Bad(From);
            case ViewOperators.NewerThan or ViewOperators.OlderThan:
                return Hours is > 0 and <= 87_600 ? null : $"{Property}: hours must be above 0 and at most 87600.";
            default:
                return null;
        }

        string Bad(string end) => $"{Property}: {end} is no {property.Type.ToString().ToLowerInvariant()}.";
    }

    private static bool Fits(ViewProperty property, string value) =>
        property.Type switch
        {
            PropertyType.Choice or PropertyType.Choices => property.Choices!.Contains(value),
            PropertyType.Agent => value == Me || Guid.TryParseExact(value, "N", out _),
            PropertyType.Team => value == Mine || Guid.TryParseExact(value, "N", out _),
            PropertyType.Channel or PropertyType.Skill => Guid.TryParseExact(value, "N", out _),
            PropertyType.Flag => value is "true" or "false",
            _ => true,
        };

    private static bool IsNumber(string text) =>
        decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out _
        );

    private static bool IsDate(string text) =>
        DateOnly.TryParseExact(text, CustomValues.DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}

/// <summary>What a view lists: every condition must hold.</summary>
/// <param name="Sort">A property's key.</param>
public sealed record ViewDefinition(
    IReadOnlyList<ViewCondition> Filters,
    IReadOnlyList<string> Columns,
    string Sort,
    bool Descending
)
{
    public const string ByActivity = "message.lastAt";
    public const int MostColumns = 6;

    /// <summary>Keys of properties that are named and not there (any more): the view opens without them, and says so.</summary>
    public IReadOnlyList<string> MissingIn(ViewCatalogue catalogue) =>
        [.. Keys.Where(key => catalogue.Find(key) is null).Distinct()];

    /// <summary>Every property that it names.</summary>
    public IEnumerable<string> Keys =>
        Filters.OfType<ViewCondition>().Select(f => f.Property).Concat(Columns).Append(Sort);

    public bool IsByActivityIn(ViewCatalogue catalogue) =>
        Descending && (Sort == ByActivity || catalogue.Find(Sort) is null);
}
