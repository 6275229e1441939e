using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Threadkeep.Templates;

/// <summary>What a template's components say: its texts, buttons, and the variables that must be given.</summary>
/// <param name="BodyVariables">Names of the body's variables in their order: "1", "2"... or "first_name"...</param>
/// <param name="HeaderVariable">The variable of a text header; null where it has none.</param>
public sealed partial record TemplateShape(
    string? HeaderFormat,
    string? Header,
    string Body,
    string? Footer,
    IReadOnlyList<(string Type, string Text)> Buttons,
    IReadOnlyList<string> BodyVariables,
    string? HeaderVariable
)
{
    public static TemplateShape Of(StoredTemplate template)
    {
        string? headerFormat = null,
            header = null,
            footer = null;
        var body = "";
        var buttons = new List<(string, string)>();
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
                        buttons.Add(
                            (
                                button.GetProperty("type").GetString() ?? "",
                                button.TryGetProperty("text", out var label) ? label.GetString() ?? "" : ""
                            )
                        );
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
            [.. Variable().Matches(body).Select(m => m.Groups[1].Value).Distinct()],
            header is null ? null
                : Variable().Match(header) is { Success: true } found ? found.Groups[1].Value
                : null
        );
    }

    /// <summary>The body with its variables replaced.</summary>
    public string Render(IReadOnlyDictionary<string, string> values) =>
        Variable().Replace(Body, m => values.TryGetValue(m.Groups[1].Value, out var value) ? value : m.Value);

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")]
    private static partial Regex Variable();
}

/// <summary>The values that a send gives for a template's variables.</summary>
/// <param name="Missing">The first variable without a value; null where all have one.</param>
/// <param name="Problem">What else is wrong; null where nothing is.</param>
public sealed record TemplateValues(IReadOnlyDictionary<string, string> Body, string? Missing, string? Problem)
{
    public static TemplateValues Read(JsonArray? components, TemplateShape shape)
    {
        var body = Parameters(components, "body", shape.BodyVariables);
        var missing = shape.BodyVariables.FirstOrDefault(v => !body.ContainsKey(v));
        if (missing is null && shape.HeaderVariable is { } inHeader)
        {
            var header = Parameters(components, "header", [inHeader]);
            missing = header.ContainsKey(inHeader) ? null : inHeader;
        }
        var tooMany = body.Count > shape.BodyVariables.Count;
        return new TemplateValues(body, missing, tooMany ? "The template has fewer variables than were given." : null);
    }

    private static Dictionary<string, string> Parameters(
        JsonArray? components,
        string type,
        IReadOnlyList<string> variables
    )
    {
        var values = new Dictionary<string, string>();
        var component = components
            ?.OfType<JsonObject>()
            .FirstOrDefault(c => string.Equals(c["type"]?.ToString(), type, StringComparison.OrdinalIgnoreCase));
        if (component?["parameters"] is not JsonArray parameters)
            return values;
        for (var n = 0; n < parameters.Count; n++)
        {
            if (parameters[n] is not JsonObject parameter)
                continue;
            var text =
                parameter["text"]?.ToString()
                ?? parameter["currency"]?["fallback_value"]?.ToString()
                ?? parameter["date_time"]?["fallback_value"]?.ToString();
            var name = parameter["parameter_name"]?.ToString() ?? (n < variables.Count ? variables[n] : $"#{n + 1}");
            if (!string.IsNullOrWhiteSpace(text))
                values[name] = text;
        }
        return values;
    }
}
