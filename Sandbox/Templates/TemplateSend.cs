using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Graph;

namespace Threadkeep.Sandbox.Templates;

/// <summary>Checks a template message against the stored template, and fills it in for the phone.</summary>
public static class TemplateSend
{
    /// <summary>Either the refusal, or the template and how it looks.</summary>
    public sealed record Outcome(GraphError? Error, Template? Template, TemplateView? View);

    public static Outcome Check(JsonObject message, string wabaId, TemplateBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var name = message.Text("name");
        var language = message.Child("language").Text("code");
        if (name is null || language is null)
            return Refused(GraphError.Of(131008, "template.name and template.language.code are required."));
        var template = book.Find(wabaId, name, language);
        if (template is null)
            return Refused(GraphError.Of(132001, $"template name ({name}) does not exist in {language}"));
        var error = template.Status switch
        {
            Template.Approved => null,
            "PAUSED" => GraphError.Of(132015),
            "DISABLED" => GraphError.Of(132016),
            _ => GraphError.Of(132001, $"template name ({name}) is not approved in {language}"),
        };
        if (error is not null)
            return Refused(error);
        var given = message.Array("components").Objects().ToArray();
        error =
            CheckHeader(template, Given(given, "header"))
            ?? CheckText(template, "body", template.Component("BODY").Text("text"), Given(given, "body"))
            ?? CheckButtons(template, given);
        return error is null ? new Outcome(null, template, View(template, given)) : Refused(error);
    }

    private static Outcome Refused(GraphError error) => new(error, null, null);

    private static JsonObject[] Given(JsonObject[] components, string type) =>
        [.. components.Where(c => Template.Is(c.Text("type"), type)).SelectMany(c => c.Array("parameters").Objects())];

    private static GraphError? CheckHeader(Template template, JsonObject[] given)
    {
        var header = template.Component("HEADER");
        var format = header?.Text("format") ?? "TEXT";
        if (header is null || Template.Is(format, "TEXT"))
            return CheckText(template, "header", header.Text("text"), given);
        if (given.Length != 1)
            return WrongCount("header", given.Length, 1);
        return Template.Is(given[0].Text("type"), format)
            ? null
            : GraphError.Of(
                132012,
                $"header: Format mismatch, expected {format.ToUpperInvariant()}, received {given[0].Text("type")?.ToUpperInvariant() ?? "UNKNOWN"}"
            );
    }

    private static GraphError? CheckText(Template template, string part, string? text, JsonObject[] given)
    {
        var expected = Variables.Of(text);
        if (given.Length != expected.Length)
            return WrongCount(part, given.Length, expected.Length);
        foreach (var parameter in given)
        {
            var type = parameter.Text("type");
            if (type is not ("text" or "currency" or "date_time"))
                return GraphError.Of(132012, $"{part}: Format mismatch, expected TEXT, received {type ?? "UNKNOWN"}");
            if (template.IsNamed && !expected.Contains(parameter.Text("parameter_name")))
                return GraphError.Of(
                    132012,
                    $"{part}: Parameter name ({parameter.Text("parameter_name") ?? ""}) does not match the template"
                );
            if (!template.IsNamed && parameter.Text("parameter_name") is { } odd)
                return GraphError.Of(132012, $"{part}: Parameter name ({odd}) given for a positional template");
            if (type == "text" && CheckValue(part, parameter.Text("text")) is { } wrong)
                return wrong;
        }
        return template.IsNamed && given.Select(p => p.Text("parameter_name")).Distinct().Count() != given.Length
            ? GraphError.Of(132012, $"{part}: A parameter name is given twice")
            : null;
    }

    private static GraphError? CheckValue(string part, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return GraphError.Of(131008, $"{part}: Parameter of type text is missing text value");
        return
            value.Contains('\n', StringComparison.Ordinal)
            || value.Contains('\t', StringComparison.Ordinal)
            || value.Contains("     ", StringComparison.Ordinal)
            ? GraphError.Of(
                132018,
                $"{part}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            )
            : null;
    }

    private static GraphError? CheckButtons(Template template, JsonObject[] given)
    {
        var buttons = template.Buttons.ToArray();
        var sent = given.Where(c => Template.Is(c.Text("type"), "button")).ToArray();
        foreach (var component in sent)
            if (
                !int.TryParse(component.Text("index"), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                || at >= buttons.Length
                || !Template.Is(component.Text("sub_type"), SubType(buttons[at]) ?? "")
            )
                return GraphError.Of(
                    132012,
                    $"buttons: Button at index {component.Text("index")} of type {component.Text("sub_type")} does not match the template"
                );
        for (var i = 0; i < buttons.Length; i++)
            if (NeedsParameter(buttons[i]) && ButtonParameter(sent, i) is null)
                return GraphError.Of(
                    131008,
                    $"buttons: Button at index {i} of type {buttons[i].Text("type")} requires a parameter"
                );
        return null;
    }

    private static string? SubType(JsonObject button) => button.Text("type") is "OTP" ? "url" : button.Text("type");

    private static bool NeedsParameter(JsonObject button) =>
        button.Text("type") switch
        {
            "URL" => Variables.Of(button.Text("url")).Length > 0,
            "COPY_CODE" or "OTP" => true,
            _ => false,
        };

    private static JsonObject? ButtonParameter(JsonObject[] given, int index) =>
        given
            .Where(c => Template.Is(c.Text("type"), "button"))
            .FirstOrDefault(c => c.Text("index") == index.ToString(CultureInfo.InvariantCulture))
            .Array("parameters")
            .Objects()
            .FirstOrDefault();

    private static GraphError WrongCount(string part, int given, int expected) =>
        GraphError.Of(
            132000,
            $"{part}: number of localizable_params ({given}) does not match the expected number of params ({expected})"
        );

    private static TemplateView View(Template template, JsonObject[] given)
    {
        var header = template.Component("HEADER");
        var headerText = header.Text("text");
        var body = template.Component("BODY").Text("text") ?? "";
        return new TemplateView(
            template.Name,
            headerText is null
                ? null
                : Variables.Fill(headerText, Values(template, headerText, Given(given, "header"))),
            Variables.Fill(body, Values(template, body, Given(given, "body"))),
            template.Component("FOOTER").Text("text"),
            [
                .. template.Buttons.Select(
                    (button, i) =>
                        new TemplateButton(
                            button.Text("type") ?? "",
                            button.Text("text") ?? "",
                            ButtonParameter(given, i).Text("payload")
                        )
                ),
            ],
            Given(given, "header").FirstOrDefault().Child("image").Text("id")
        );
    }

    private static Dictionary<string, string> Values(Template template, string text, JsonObject[] given)
    {
        // Positional parameters follow the numbers, whatever their order in the text.
        var names = Variables
            .Of(text)
            .OrderBy(name => name.Length)
            .ThenBy(name => name, StringComparer.Ordinal)
            .ToArray();
        var values = new Dictionary<string, string>();
        for (var i = 0; i < given.Length; i++)
            values[template.IsNamed ? given[i].Text("parameter_name")! : names[i]] =
                given[i].Text("text")
                ?? given[i].Child("currency").Text("fallback_value")
                ?? given[i].Child("date_time").Text("fallback_value")
                ?? "";
        return values;
    }
}
