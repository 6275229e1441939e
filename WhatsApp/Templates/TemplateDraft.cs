using System.Text.Json.Nodes;

namespace Threadkeep.WhatsApp.Templates;

/// <summary>A template as people write it, before Meta has seen it.</summary>
/// <param name="Name">1 to 512 of a-z, 0-9 and _.</param>
/// <param name="Language">Meta's code, such as en_US or ja.</param>
/// <param name="Category">MARKETING or UTILITY. Authentication templates are written by Meta.</param>
/// <param name="Format">POSITIONAL: {{1}}, {{2}}…; NAMED: {{first_name}}…</param>
/// <param name="Body">1 to 1,024 characters.</param>
/// <param name="Footer">Up to 60 characters, no variables; null: none.</param>
/// <param name="Samples">What stands for each variable while Meta reviews it; the header's under <c>header</c>.</param>
public sealed record TemplateDraft(
    string Name,
    string Language,
    string Category,
    string Format,
    TemplateHeader? Header,
    string Body,
    string? Footer,
    IReadOnlyList<TemplateButton> Buttons,
    IReadOnlyDictionary<string, string> Samples
)
{
    /// <summary>The sample of the header's variable.</summary>
    public const string HeaderSample = "header";

    /// <summary>Meta's components (Cloud API, "Templates").</summary>
    public JsonArray ToComponents()
    {
        var components = new JsonArray();
        if (Header is not null)
            components.Add(HeaderOf(Header));
        components.Add(BodyPart());
        if (Footer is { Length: > 0 })
            components.Add(new JsonObject { ["type"] = "FOOTER", ["text"] = Footer });
        if (Buttons.Count > 0)
            components.Add(
                new JsonObject
                {
                    ["type"] = "BUTTONS",
                    ["buttons"] = new JsonArray([.. Buttons.Select(b => b.ToJson())]),
                }
            );
        return components;
    }

    private JsonObject HeaderOf(TemplateHeader header)
    {
        var part = new JsonObject { ["type"] = "HEADER", ["format"] = header.Format };
        if (header.Format == TemplateHeader.TextFormat)
        {
            part["text"] = header.Text;
            if (TemplateRules.VariablesOf(header.Text) is [var variable])
                part["example"] =
                    Format == TemplateRules.Named
                        ? new JsonObject
                        {
                            ["header_text_named_params"] = new JsonArray(NamedSample(variable, HeaderSample)),
                        }
                        : new JsonObject { ["header_text"] = new JsonArray(Samples.GetValueOrDefault(HeaderSample)) };
        }
        else if (header.Handle is { } handle)
            part["example"] = new JsonObject { ["header_handle"] = new JsonArray(handle) };
        return part;
    }

    private JsonObject BodyPart()
    {
        var part = new JsonObject { ["type"] = "BODY", ["text"] = Body };
        var variables = TemplateRules.VariablesOf(Body);
        if (variables.Count > 0)
            part["example"] =
                Format == TemplateRules.Named
                    ? new JsonObject
                    {
                        ["body_text_named_params"] = new JsonArray([.. variables.Select(v => NamedSample(v, v))]),
                    }
                    : new JsonObject
                    {
                        ["body_text"] = new JsonArray(
                            new JsonArray([
                                .. variables
                                    .OrderBy(int.Parse)
                                    .Select(v => JsonValue.Create(Samples.GetValueOrDefault(v))),
                            ])
                        ),
                    };
        return part;
    }

    private JsonObject NamedSample(string variable, string sample) =>
        new() { ["param_name"] = variable, ["example"] = Samples.GetValueOrDefault(sample) };
}

/// <param name="Format">TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.</param>
/// <param name="Text">Of a text header: up to 60 characters and one variable.</param>
/// <param name="Handle">Of a file: the sample that was uploaded to Meta.</param>
public sealed record TemplateHeader(string Format, string? Text, string? Handle)
{
    public const string TextFormat = "TEXT";

    /// <summary>Formats whose sample is a file.</summary>
    public static readonly IReadOnlyList<string> Files = ["IMAGE", "VIDEO", "DOCUMENT"];
}

/// <param name="Type">QUICK_REPLY, URL, PHONE_NUMBER or COPY_CODE.</param>
/// <param name="Text">Up to 25 characters; a code to copy has Meta's own.</param>
/// <param name="Url">Up to 2,000 characters; a variable may stand at its end.</param>
/// <param name="PhoneNumber">Up to 20 characters.</param>
/// <param name="Example">A whole address where <paramref name="Url"/> has a variable; the code to copy, up to 15 characters.</param>
public sealed record TemplateButton(string Type, string? Text, string? Url, string? PhoneNumber, string? Example)
{
    public const string QuickReply = "QUICK_REPLY";
    public const string Link = "URL";
    public const string Phone = "PHONE_NUMBER";
    public const string Code = "COPY_CODE";

    /// <summary>Of templates that carry a one-time code: a send gives it once more, as of a link.</summary>
    public const string OneTimeCode = "OTP";

    internal JsonObject ToJson()
    {
        var button = new JsonObject { ["type"] = Type };
        if (Type != Code)
            button["text"] = Text;
        if (Type == Link)
            button["url"] = Url;
        if (Type == Phone)
            button["phone_number"] = PhoneNumber;
        if (Type == Code)
            button["example"] = Example;
        else if (Type == Link && TemplateRules.VariablesOf(Url).Count > 0)
            button["example"] = new JsonArray(Example);
        return button;
    }
}
