using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Hosting;
using Threadkeep.Templates;
using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.Messages;

/// <summary>
/// Whether the components of a send have the form that their template asks for: what Meta would refuse when it is called (132000, 132012,
/// 131008) is refused before, with its place. What is absent is looked for elsewhere (<see cref="OutboundTemplate"/>).
/// </summary>
internal static class TemplateComponents
{
    private static readonly string[] TextTypes = ["text", "currency", "date_time"];

    /// <summary>Null where all of them are well formed. A parameter's type that its content tells is put in.</summary>
    public static SendRequest? Check(JsonArray components, TemplateShape shape)
    {
        var parts = new HashSet<string>();
        for (var n = 0; n < components.Count; n++)
        {
            var place = $"components[{n}]";
            if (components[n] is not JsonObject component)
                return Wrong(place, "A component is an object.");
            if (component["parameters"] is not (null or JsonArray))
                return Wrong($"{place}.parameters", "parameters is an array.");
            var parameters = component["parameters"] as JsonArray ?? [];
            for (var p = 0; p < parameters.Count; p++)
                if (parameters[p] is not JsonObject)
                    return Wrong($"{place}.parameters[{p}]", "A parameter is an object.");
            JsonObject[] given = [.. parameters.OfType<JsonObject>()];
            var type = SendRequest.Text(component, "type");
            if (type is not ("header" or "body" or "button"))
                return Wrong($"{place}.type", "A component's type is header, body or button, in small letters.");
            if (type != "button" && !parts.Add(type))
                return Wrong(place, $"There is a {type} already: all its parameters belong there.");
            var wrong = type switch
            {
                "body" => Texts(place, given, shape.BodyVariables),
                "header" => Header(place, given, shape),
                _ => Button(place, component, given, shape, parts),
            };
            if (wrong is not null)
                return wrong;
        }
        return null;
    }

    private static SendRequest? Header(string place, JsonObject[] given, TemplateShape shape)
    {
        var type = shape.HeaderIsPlace ? "location" : shape.HeaderFile;
        if (type is null)
            return Texts(place, given, shape.HeaderVariable is { } variable ? [variable] : []);
        if (given.Length > 1)
            return Wrong($"{place}.parameters[1]", $"The header takes one parameter: its {type}.");
        return given is [var only] ? TypeOf($"{place}.parameters[0]", only, type) : null;
    }

    private static SendRequest? Texts(string place, JsonObject[] given, IReadOnlyList<string> variables)
    {
        if (given.Length > variables.Count)
            return Wrong(
                $"{place}.parameters[{variables.Count}]",
                $"The template has {variables.Count} variables here, and {given.Length} were given."
            );
        var isNamed = variables.Count > 0 && !char.IsAsciiDigit(variables[0][0]);
        var names = new HashSet<string>();
        for (var n = 0; n < given.Length; n++)
        {
            var at = $"{place}.parameters[{n}]";
            if (TypeOf(at, given[n], TextTypes) is { } wrong)
                return wrong;
            var name = SendRequest.Text(given[n], "parameter_name");
            if (!isNamed && given[n].ContainsKey("parameter_name"))
                return Wrong($"{at}.parameter_name", "The template's variables are numbered, not named.");
            if (isNamed && (name is null || !variables.Contains(name)))
                return Wrong(
                    $"{at}.parameter_name",
                    $"The template's variables have names: parameter_name is one of {string.Join(", ", variables)}."
                );
            if (isNamed && !names.Add(name!))
                return Wrong($"{at}.parameter_name", $"{name} is given twice.");
        }
        return null;
    }

    private static SendRequest? Button(
        string place,
        JsonObject component,
        JsonObject[] given,
        TemplateShape shape,
        HashSet<string> parts
    )
    {
        var written = (component["index"] as JsonValue)?.ToString();
        if (
            !int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= shape.Buttons.Count
            || written != index.ToString(CultureInfo.InvariantCulture)
        )
            return Wrong(
                $"{place}.index",
                shape.Buttons.Count == 0
                    ? "The template has no buttons."
                    : $"index is the number of one of the template's buttons: 0 to {shape.Buttons.Count - 1}."
            );
        if (!parts.Add($"button {index}"))
            return Wrong($"{place}.index", $"There is a component for button {index} already.");
        var button = shape.Buttons[index];
        var kind = button.Type.ToUpperInvariant() switch
        {
            TemplateButton.OneTimeCode => "url",
            var type => type.ToLowerInvariant(),
        };
        if (component["sub_type"] is not null && SendRequest.Text(component, "sub_type") != kind)
            return Wrong($"{place}.sub_type", $"Button {index} is a {kind}, in small letters.");
        if (kind is "url" or "phone_number" && !button.NeedsValue)
            return Wrong(place, $"Button {index} takes no value.");
        component["sub_type"] = kind;
        string? takes = kind switch
        {
            "url" => "text",
            "copy_code" => "coupon_code",
            "quick_reply" => "payload",
            _ => null,
        };
        if (takes is null)
            return null;
        if (given.Length > 1)
            return Wrong($"{place}.parameters[1]", $"Button {index} takes one parameter.");
        return given is [var only] ? TypeOf($"{place}.parameters[0]", only, takes) : null;
    }

    // Its content under the name of its type says what it is, where nothing else does.
    private static SendRequest? TypeOf(string place, JsonObject parameter, params string[] types)
    {
        if (parameter["type"] is null && Array.Find(types, parameter.ContainsKey) is { } told)
            parameter["type"] = told;
        return types.Contains(SendRequest.Text(parameter, "type"))
            ? null
            : Wrong($"{place}.type", $"The parameter's type is {string.Join(" or ", types)}, in small letters.");
    }

    private static SendRequest Wrong(string place, string detail) =>
        new(
            null,
            Problems.Of(
                422,
                "template_component_wrong",
                "A component is not as the template asks for it.",
                $"{place}: {detail}",
                ("place", place)
            )
        );
}
