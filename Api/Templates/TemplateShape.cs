using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.Templates;

/// <summary>What a template's components say: its texts, buttons, and the variables that must be given.</summary>
/// <param name="BodyVariables">Names of the body's variables in their order: "1", "2"... or "first_name"...</param>
/// <param name="HeaderVariable">The variable of a text header; null where it has none.</param>
public sealed partial record TemplateShape(
    string? HeaderFormat,
    string? Header,
    string Body,
    string? Footer,
    IReadOnlyList<TemplateShapeButton> Buttons,
    IReadOnlyList<string> BodyVariables,
    string? HeaderVariable
)
{
    /// <summary>The type of message whose files the header takes: image, video or document; null: it takes none.</summary>
    public string? HeaderFile =>
        HeaderFormat?.ToUpperInvariant() switch
        {
            "IMAGE" => "image",
            "VIDEO" => "video",
            "DOCUMENT" => "document",
            _ => null,
        };

    /// <summary>The header is a place on the map.</summary>
    public bool HeaderIsPlace => string.Equals(HeaderFormat, "LOCATION", StringComparison.OrdinalIgnoreCase);

    public static TemplateShape Of(StoredTemplate template)
    {
        string? headerFormat = null,
            header = null,
            footer = null;
        var body = "";
        var buttons = new List<TemplateShapeButton>();
        using var components = JsonDocument.Parse(template.Components);
        foreach (var component in components.RootElement.EnumerateArray())
        {
            var text = component.TryGetProperty("text", out var t) ? t.GetString() : null;
            switch (component.GetProperty("type").GetString()?.ToUpperInvariant())
            {
                case "HEADER":
                    (header, headerFormat) = (
                        text,
                        component.TryGetProperty("format", out var f) ? f.GetString() : "TEXT"
                    );
                    break;
                case "BODY":
                    body = text ?? "";
                    break;
                case "FOOTER":
                    footer = text;
                    break;
                case "BUTTONS":
                    foreach (var button in component.GetProperty("buttons").EnumerateArray())
                        buttons.Add(ButtonOf(button));
                    break;
                default:
                    break;
            }
        }
        return new TemplateShape(
            headerFormat,
            header,
            body,
            footer,
            buttons,
            VariablesOf(body),
            header is null ? null : VariablesOf(header).FirstOrDefault()
        );
    }

    // Numbers in the order of the numbers, wherever they stand: so Meta counts the values that it is given (Cloud API, "Templates").
    private static string[] VariablesOf(string text)
    {
        string[] found = [.. Variable().Matches(text).Select(m => m.Groups[1].Value).Distinct()];
        return found.All(v => int.TryParse(v, CultureInfo.InvariantCulture, out _))
            ? [.. found.OrderBy(v => int.Parse(v, CultureInfo.InvariantCulture))]
            : found;
    }

    private static TemplateShapeButton ButtonOf(JsonElement button)
    {
        var type = Text("type") ?? "";
        var url = Text("url");
        return new TemplateShapeButton(
            type,
            Text("text") ?? "",
            url,
            type.ToUpperInvariant() switch
            {
                "URL" => url is not null && Variable().IsMatch(url),
                TemplateButton.Code or TemplateButton.OneTimeCode => true,
                _ => false,
            }
        );

        string? Text(string name) => button.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>The body with its variables replaced.</summary>
    public string Render(IReadOnlyDictionary<string, string> values) =>
        Variable().Replace(Body, m => values.TryGetValue(m.Groups[1].Value, out var value) ? value : m.Value);

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")]
    private static partial Regex Variable();
}

/// <param name="NeedsValue">Each send gives the end of its address, or the code to copy.</param>
public sealed record TemplateShapeButton(string Type, string Text, string? Url, bool NeedsValue);
