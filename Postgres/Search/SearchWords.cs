using System.Text.Json;

namespace Threadkeep.Search;

/// <summary>One part of a message that can be searched.</summary>
/// <param name="Field">text, fileName or details (of a location or a contact card).</param>
public readonly record struct SearchPart(string Field, string Text);

/// <summary>What of a message can be searched, and how it lies folded in the index.</summary>
public static class SearchWords
{
    /// <summary>Between parts: white space, so that no word goes across.</summary>
    private const char Between = '\n';

    /// <summary>More than this is not indexed, in folded UTF-16 units: four times the longest text that can be sent.</summary>
    private const int Longest = 16_384;

    /// <summary>The event as it came or the body that was sent, of <c>m</c>, for types whose words are nowhere else.</summary>
    public const string Source = """
        case when m.type in ('location', 'contacts', 'interactive', 'order') then coalesce(m.raw, convert_to(m.body, 'UTF8')) end
        """;

    /// <summary>The parts with words in them.</summary>
    /// <param name="raw">By <see cref="Source"/>.</param>
    public static IReadOnlyList<SearchPart> Of(string type, string? text, string? fileName, byte[]? raw)
    {
        var parts = new List<SearchPart>(2);
        // The names on cards are among their particulars, which say more.
        if (type != "contacts" || raw is null)
            Add("text", text);
        Add("fileName", fileName);
        if (raw is not null)
            Add("details", DetailsOf(type, raw));
        return parts;

        void Add(string field, string? words)
        {
            if (!string.IsNullOrWhiteSpace(words))
                parts.Add(new SearchPart(field, words));
        }
    }

    /// <summary>As the index holds them; empty where nothing can be searched.</summary>
    public static string Folded(IReadOnlyList<SearchPart> parts)
    {
        var folded = string.Join(Between, parts.Select(p => Folding.Fold(p.Text)).Where(t => t.Length > 0));
        if (folded.Length <= Longest)
            return folded;
        return folded[..(char.IsHighSurrogate(folded[Longest - 1]) ? Longest - 1 : Longest)];
    }

    // Field names as in Meta's webhook reference for location and contacts messages.
    private static string? DetailsOf(string type, byte[] raw)
    {
        try
        {
            using var document = JsonDocument.Parse(raw);
            if (
                !Told.TryGetValue(type, out var told)
                || document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(type, out var content)
            )
                return null;
            var words = new List<string>();
            Collect(content, told, words);
            return string.Join(' ', words);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Elsewhere the same names stand for what nobody would look for.
    private static readonly Dictionary<string, string[]> Told = new()
    {
        ["location"] = ["name", "address"],
        ["contacts"] =
        [
            "name",
            "formatted_name",
            "phone",
            "email",
            "company",
            "department",
            "title",
            "street",
            "city",
            "address",
        ],
        ["interactive"] = ["title", "description", "display_text", "text"],
        ["order"] = ["product_retailer_id"],
    };

    private static void Collect(JsonElement element, string[] told, List<string> words)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Collect(item, told, words);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                        Collect(member.Value, told, words);
                    else if (member.Value.ValueKind == JsonValueKind.String && told.Contains(member.Name))
                        words.Add(member.Value.GetString()!);
                }
                break;
        }
    }
}
