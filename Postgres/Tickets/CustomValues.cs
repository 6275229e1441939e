using System.Globalization;
using System.Text.Json;

namespace Threadkeep.Tickets;

/// <summary>Reads values of custom properties as callers say them. Pure.</summary>
public static class CustomValues
{
    /// <summary>Characters of a text.</summary>
    public const int LongestText = 500;

    /// <summary>Numbers lie between this and its negative.</summary>
    public const decimal LargestNumber = 1_000_000_000_000_000m;

    /// <summary>The form of a date.</summary>
    public const string DateForm = "yyyy-MM-dd";

    /// <summary>Makes of a caller's value what a ticket keeps: JSON, or null where the value empties the property. False: it does not fit.</summary>
    public static bool TryRead(CustomProperty property, JsonElement value, out string? kept)
    {
        kept = null;
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return true;
        switch (property.Type)
        {
            case CustomTypes.Text when TextOf(value) is { } text:
                text = text.Trim();
                kept = text.Length == 0 ? null : JsonSerializer.Serialize(text);
                return text.Length <= LongestText && !text.Any(char.IsControl);
            case CustomTypes.Number
                when value.ValueKind == JsonValueKind.Number
                    && value.TryGetDecimal(out var number)
                    && Math.Abs(number) <= LargestNumber:
                kept = number.ToString(CultureInfo.InvariantCulture);
                return true;
            case CustomTypes.Date
                when DateOnly.TryParseExact(
                    TextOf(value),
                    DateForm,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var date
                ):
                kept = JsonSerializer.Serialize(date.ToString(DateForm, CultureInfo.InvariantCulture));
                return true;
            case CustomTypes.Choice when IdOf(property, TextOf(value)) is { } choice:
                kept = JsonSerializer.Serialize(choice);
                return true;
            case CustomTypes.Choices when value.ValueKind == JsonValueKind.Array:
                var chosen = value.EnumerateArray().Select(v => IdOf(property, TextOf(v))).ToArray();
                // In the order that the property gives them.
                string[] ids = [.. property.Choices.Select(c => c.Id.ToString("N")).Where(id => chosen.Contains(id))];
                kept = ids.Length == 0 ? null : JsonSerializer.Serialize(ids);
                return chosen.All(c => c is not null);
            case CustomTypes.Flag when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                kept = value.GetBoolean() ? "true" : "false";
                return true;
            default:
                return false;
        }
    }

    private static string? IdOf(CustomProperty property, string? text) =>
        Guid.TryParseExact(text, "N", out var id) && property.Choices.Any(c => c.Id == id) ? id.ToString("N") : null;

    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
