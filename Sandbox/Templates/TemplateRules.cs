using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Threadkeep.Sandbox.Graph;

namespace Threadkeep.Sandbox.Templates;

/// <summary>What Meta checks when a template is created or edited.</summary>
public static partial class TemplateRules
{
    public static GraphError? Check(string? name, string? language, string? category, JsonArray? components)
    {
        if (name is null || !Name().IsMatch(name))
            return Invalid("name must be 1 to 512 of a-z, 0-9 and _.");
        if (string.IsNullOrEmpty(language))
            return Invalid("language is required.");
        if (category is not ("MARKETING" or "UTILITY" or "AUTHENTICATION"))
            return Invalid("category must be MARKETING, UTILITY or AUTHENTICATION.");
        return CheckComponents(components, category);
    }

    public static GraphError? CheckComponents(JsonArray? components, string category)
    {
        JsonObject? Part(string type) => components.Objects().FirstOrDefault(c => Template.Is(c.Text("type"), type));

        var body = Part("BODY").Text("text");
        // Meta writes the body of authentication templates itself.
        if (body is null && category != "AUTHENTICATION")
            return Invalid("components must hold a BODY with text.");
        if (body is { Length: > 1024 })
            return Invalid("The body is too long.", 2388040);
        if (Part("HEADER").Text("text") is { Length: > 60 })
            return Invalid("The header is too long.", 2388047);
        if (Part("FOOTER").Text("text") is { } footer && (footer.Length > 60 || Variables.Of(footer).Length > 0))
            return Invalid("The footer is too long or holds variables.", 2388073);
        if (Part("BUTTONS").Array("buttons") is { Count: > 10 })
            return Invalid("A template may have at most 10 buttons.");
        if (body is null)
            return null;
        if (AtEdge().IsMatch(body.Trim()))
            return Invalid("Variables can't be at the start or end of the template.", 2388299);
        var numbers = Variables.Of(body).Where(v => v.All(char.IsAsciiDigit)).Order().ToArray();
        return numbers.Select(int.Parse).Order().SequenceEqual(Enumerable.Range(1, numbers.Length))
            ? null
            : Invalid("Variables must be numbered from 1 without gaps.", 2388072);
    }

    public static GraphError Exists { get; } =
        new(400, 100, "Invalid parameter", "A template with this name and language exists already.", Subcode: 2388024);

    private static GraphError Invalid(string details, int? subcode = null) =>
        new(400, 100, "Invalid parameter", details, Subcode: subcode);

    [GeneratedRegex("^[a-z0-9_]{1,512}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\{\{|\}\}$", RegexOptions.CultureInvariant)]
    private static partial Regex AtEdge();
}
