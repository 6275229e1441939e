using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.Templates;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.Messages;

/// <summary>
/// Reads a template to send: everything that the template asks for must be there, so that Meta has nothing to refuse (132000, 132012,
/// 131008, 132018). What names the receiver (<see cref="Placeholders"/>) is filled in here, once.
/// </summary>
internal static class OutboundTemplate
{
    /// <summary>Longest value of a variable; the whole body may have 1,024 characters (Cloud API, "Templates").</summary>
    private const int MaxValue = 1_024;
    private const int MaxCode = 15;

    public static async Task<SendRequest> ReadAsync(JsonObject json, AcceptMessage message, SendContext context)
    {
        if (
            json["template"] is not JsonObject template
            || SendRequest.Text(template, "name") is not { } name
            || SendRequest.Text(template["language"], "code") is not { } language
        )
            return SendRequest.Invalid("template needs name and language.code.");
        var stored = await context.Templates.FindAsync(context.Scope.Account, context.Channel, name, language);
        if (stored is null)
            return Refused("template_not_found", "There is no such template in this language.");
        if (stored.Status != "APPROVED")
            return Refused("template_not_approved", $"Meta has not approved this template: it is {stored.Status}.");
        if (template["components"] is not (null or JsonArray))
            return SendRequest.Invalid("template.components must be an array.");
        var shape = TemplateShape.Of(stored);
        var all = template["components"] as JsonArray ?? [];
        if (TemplateComponents.Check(all, shape) is { } misshapen)
            return misshapen;
        JsonObject[] components = [.. all.OfType<JsonObject>()];
        if (await FillAsync(components, message, context) is { } unfilled)
            return unfilled;
        var given = Parameters(components, "body");
        var values = Values(given, shape.BodyVariables);
        var incomplete =
            Missing(values, shape.BodyVariables) ?? Header(components, shape) ?? Buttons(components, shape);
        if (incomplete is not null)
            return incomplete;
        message = message with { Text = shape.Render(values), TemplateName = name, TemplateLanguage = language };
        return shape.HeaderFile is { } type
            ? await HeaderFileAsync(components, type, message, context)
            : new SendRequest(message, null);
    }

    // Parts ---------------------------------------------------------------------------------------------------

    private static SendRequest? Header(JsonObject[] components, TemplateShape shape)
    {
        var given = Parameters(components, "header");
        if (shape.HeaderIsPlace)
            return given is [var only] && only["location"] is JsonObject place
                ? OutboundTypes.Place(place, "the header's location")
                : HeaderMissing("location");
        return shape.HeaderVariable is { } variable ? Missing(Values(given, [variable]), [variable]) : null;
    }

    private static async Task<SendRequest> HeaderFileAsync(
        JsonObject[] components,
        string type,
        AcceptMessage message,
        SendContext context
    )
    {
        if (Parameters(components, "header") is not [var parameter] || parameter[type] is not JsonObject content)
            return HeaderMissing(type);
        if (SendRequest.Text(content, "id") is { } id)
        {
            var (file, refused) = await OutboundTypes.FindFileAsync(id, SendableFiles.Of(type)!, context);
            if (file is null)
                return new SendRequest(null, refused);
            if (type == "document" && SendRequest.Text(content, "filename") is null && file.FileName is { } fileName)
                content["filename"] = fileName;
            return new SendRequest(message with { Media = file }, null);
        }
        // Meta fetches it: nothing of it is kept here.
        return
            SendRequest.Text(content, "link") is { Length: <= 2_000 } link
            && Uri.TryCreate(link, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            ? new SendRequest(message, null)
            : HeaderMissing(type);
    }

    private static SendRequest? Buttons(JsonObject[] components, TemplateShape shape)
    {
        for (var at = 0; at < shape.Buttons.Count; at++)
        {
            var button = shape.Buttons[at];
            if (!button.NeedsValue)
                continue;
            var index = at.ToString(CultureInfo.InvariantCulture);
            var given = components.FirstOrDefault(c => Is(c, "button") && c["index"]?.ToString() == index);
            var isCode = string.Equals(button.Type, TemplateButton.Code, StringComparison.OrdinalIgnoreCase);
            var value = (given?["parameters"] as JsonArray)?.FirstOrDefault() is JsonObject parameter
                ? SendRequest.Text(parameter, isCode ? "coupon_code" : "text")
                : null;
            if (string.IsNullOrWhiteSpace(value))
                return VariableMissing($"buttons.{index}", null);
            if (isCode && value.Length > MaxCode)
                return SendRequest.TooLong($"buttons.{index}", MaxCode);
        }
        return null;
    }

    // Values --------------------------------------------------------------------------------------------------

    // Every text and code that is given, wherever it stands.
    private static async Task<SendRequest?> FillAsync(
        JsonObject[] components,
        AcceptMessage message,
        SendContext context
    )
    {
        IReadOnlyDictionary<string, string?>? known = null;
        foreach (var parameter in components.SelectMany(c => (c["parameters"] as JsonArray ?? []).OfType<JsonObject>()))
        {
            var member = parameter.ContainsKey("coupon_code") ? "coupon_code" : "text";
            if (SendRequest.Text(parameter, member) is not { } text)
                continue;
            if (text.Length > MaxValue)
                return SendRequest.TooLong("template.components", MaxValue);
            if (context.Personal is { } personal)
            {
                if (Placeholders.WrongIn(text) is { } wrong)
                    return PlaceholderWrong(wrong);
                if (Placeholders.AreIn(text))
                {
                    known ??= await personal.OfAsync(context.Scope, context.Thread, message.Agent);
                    if (!Placeholders.TryFill(text, known, out var filled, out var missing))
                        return VariableMissing(SendRequest.Text(parameter, "parameter_name") ?? missing, missing);
                    parameter[member] = text = filled;
                }
            }
            if (text.Length > MaxValue)
                return SendRequest.TooLong("template.components", MaxValue);
            if (text.AsSpan().IndexOfAny("\n\r\t") >= 0 || text.Contains("     ", StringComparison.Ordinal))
                return SendRequest.Invalid(
                    "A value of a template has no line breaks, no tabs and no more than four spaces in a row."
                );
        }
        return null;
    }

    private static Dictionary<string, string> Values(JsonObject[] parameters, IReadOnlyList<string> variables)
    {
        var values = new Dictionary<string, string>();
        for (var n = 0; n < parameters.Length; n++)
        {
            var text =
                SendRequest.Text(parameters[n], "text")
                ?? SendRequest.Text(parameters[n]["currency"], "fallback_value")
                ?? SendRequest.Text(parameters[n]["date_time"], "fallback_value");
            var name =
                SendRequest.Text(parameters[n], "parameter_name") ?? (n < variables.Count ? variables[n] : $"#{n + 1}");
            if (!string.IsNullOrWhiteSpace(text))
                values[name] = text;
        }
        return values;
    }

    private static SendRequest? Missing(Dictionary<string, string> values, IReadOnlyList<string> variables) =>
        variables.FirstOrDefault(v => !values.ContainsKey(v)) is { } missing ? VariableMissing(missing, null) : null;

    private static JsonObject[] Parameters(JsonObject[] components, string type) =>
        [.. (components.FirstOrDefault(c => Is(c, type))?["parameters"] as JsonArray ?? []).OfType<JsonObject>()];

    private static bool Is(JsonObject component, string type) =>
        string.Equals(component["type"]?.ToString(), type, StringComparison.OrdinalIgnoreCase);

    // Refusals ------------------------------------------------------------------------------------------------

    private static SendRequest VariableMissing(string variable, string? placeholder) =>
        new(
            null,
            Problems.Of(
                422,
                "missing_variable",
                $"The template's variable {variable} has no value.",
                placeholder is null ? null : $"{placeholder} is not known of this customer, and there is no fallback.",
                ("variable", variable),
                ("placeholder", placeholder)
            )
        );

    private static SendRequest PlaceholderWrong(string placeholder) =>
        new(
            null,
            Problems.Of(
                422,
                "placeholder_wrong",
                $"{placeholder} is no placeholder: nothing can stand there.",
                "A placeholder is {contact.given_name} or {contact.given_name|there}, in single braces, with one of the names that "
                    + "GET /threads/{id}/placeholders lists and nothing else between them.",
                ("placeholder", placeholder)
            )
        );

    private static SendRequest HeaderMissing(string type) =>
        new(
            null,
            Problems.Of(
                422,
                "template_header_missing",
                $"The template's header needs its {type}.",
                $"Give the component header one parameter with {type}: an id that POST /media answered"
                    + (type == "location" ? "." : ", or an https link."),
                ("header", type)
            )
        );

    private static SendRequest Refused(string code, string title) => new(null, Problems.Of(422, code, title));
}
