using System.Text.RegularExpressions;

namespace Threadkeep.WhatsApp.Templates;

/// <summary>What Meta would refuse of a template (Cloud API, "Limits" and "Templates"), found before it is asked.</summary>
/// <param name="Field">name, language, category, header, body, footer, buttons, <c>buttons.N</c>, or <c>samples.NAME</c>.</param>
/// <param name="Code">Stable; the console has a sentence for each.</param>
public sealed record TemplateFault(string Field, string Code);

public static partial class TemplateRules
{
    public const string Named = "NAMED";
    public const string Positional = "POSITIONAL";
    public const int LongestBody = 1_024;
    public const int LongestHeader = 60;
    public const int LongestFooter = 60;
    public const int MostButtons = 10;
    public const int LongestButton = 25;
    public const int LongestUrl = 2_000;
    public const int LongestPhone = 20;
    public const int LongestCode = 15;

    private static readonly string[] Categories = ["MARKETING", "UTILITY"];

    /// <summary>The variables of a text, each once, in their order.</summary>
    public static IReadOnlyList<string> VariablesOf(string? text) =>
        text is null ? [] : [.. Variable().Matches(text).Select(m => m.Groups[1].Value).Distinct()];

    /// <summary>Everything that is wrong; empty: Meta may be asked.</summary>
    public static IReadOnlyList<TemplateFault> FaultsOf(TemplateDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var faults = new List<TemplateFault>();
        void Check(bool wrong, string field, string code)
        {
            if (wrong)
                faults.Add(new TemplateFault(field, code));
        }
        Check(!NamePattern().IsMatch(draft.Name), "name", "name");
        Check(!LanguagePattern().IsMatch(draft.Language), "language", "language");
        Check(!Categories.Contains(draft.Category), "category", "category");
        Check(draft.Format is not (Named or Positional), "body", "format");
        Check(string.IsNullOrWhiteSpace(draft.Body), "body", "missing");
        Check(draft.Body.Length > LongestBody, "body", "too_long");
        Check(AtEdge().IsMatch(draft.Body.Trim()), "body", "variable_at_edge");
        Check(Adjacent().IsMatch(draft.Body), "body", "variables_adjacent");
        CheckNames(draft.Format, VariablesOf(draft.Body), "body", Check);
        if (draft.Header is { } header)
            CheckHeader(header, draft.Format, Check);
        Check(draft.Footer is { Length: > LongestFooter }, "footer", "too_long");
        Check(VariablesOf(draft.Footer).Count > 0, "footer", "no_variables");
        CheckButtons(draft.Buttons, Check);
        foreach (var variable in VariablesOf(draft.Body))
            Check(IsEmpty(draft.Samples, variable), "samples." + variable, "missing");
        Check(
            VariablesOf(draft.Header?.Text).Count > 0 && IsEmpty(draft.Samples, TemplateDraft.HeaderSample),
            "samples." + TemplateDraft.HeaderSample,
            "missing"
        );
        return faults;
    }

    private static void CheckNames(
        string format,
        IReadOnlyList<string> variables,
        string field,
        Action<bool, string, string> check
    )
    {
        if (format == Named)
            check(variables.Any(v => !VariableName().IsMatch(v)), field, "variable_name");
        else
            check(
                !variables.Order(StringComparer.Ordinal).ToHashSet().SetEquals(Numbers(variables.Count)),
                field,
                "variable_numbers"
            );
    }

    private static IEnumerable<string> Numbers(int count) =>
        Enumerable.Range(1, count).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static void CheckHeader(TemplateHeader header, string format, Action<bool, string, string> check)
    {
        if (header.Format == TemplateHeader.TextFormat)
        {
            check(string.IsNullOrWhiteSpace(header.Text), "header", "missing");
            check(header.Text is { Length: > LongestHeader }, "header", "too_long");
            check(header.Text?.Contains('\n') == true, "header", "one_line");
            var variables = VariablesOf(header.Text);
            check(variables.Count > 1, "header", "one_variable");
            CheckNames(format, variables, "header", check);
        }
        else if (TemplateHeader.Files.Contains(header.Format))
            check(string.IsNullOrEmpty(header.Handle), "header", "file_missing");
        else
            check(header.Format != "LOCATION", "header", "format");
    }

    private static void CheckButtons(IReadOnlyList<TemplateButton> buttons, Action<bool, string, string> check)
    {
        check(buttons.Count > MostButtons, "buttons", "too_many");
        check(buttons.Count(b => b.Type == TemplateButton.Link) > 2, "buttons", "too_many_links");
        check(buttons.Count(b => b.Type == TemplateButton.Phone) > 1, "buttons", "too_many_phones");
        check(buttons.Count(b => b.Type == TemplateButton.Code) > 1, "buttons", "too_many_codes");
        // Quick replies stand together, before or after the others.
        var changes = buttons
            .Zip(
                buttons.Skip(1),
                (a, b) => a.Type == TemplateButton.QuickReply != (b.Type == TemplateButton.QuickReply)
            )
            .Count(changed => changed);
        check(changes > 1, "buttons", "replies_apart");
        for (var n = 0; n < buttons.Count; n++)
            CheckButton(buttons[n], $"buttons.{n}", check);
    }

    private static void CheckButton(TemplateButton button, string field, Action<bool, string, string> check)
    {
        if (button.Type != TemplateButton.Code)
        {
            check(string.IsNullOrWhiteSpace(button.Text), field, "missing");
            check(button.Text is { Length: > LongestButton }, field, "too_long");
        }
        switch (button.Type)
        {
            case TemplateButton.QuickReply:
                break;
            case TemplateButton.Link:
                var variables = VariablesOf(button.Url);
                check(
                    !Uri.TryCreate(Variable().Replace(button.Url ?? "", "x"), UriKind.Absolute, out var url)
                        || url.Scheme is not ("http" or "https")
                        || button.Url is { Length: > LongestUrl },
                    field,
                    "url"
                );
                check(
                    variables.Count > 1
                        || variables is ["1"] && button.Url?.EndsWith("{{1}}", StringComparison.Ordinal) != true
                        || variables.Count == 1 && variables[0] != "1",
                    field,
                    "url_variable"
                );
                check(variables.Count == 1 && string.IsNullOrWhiteSpace(button.Example), field, "example");
                break;
            case TemplateButton.Phone:
                check(
                    button.PhoneNumber is not { Length: > 0 and <= LongestPhone }
                        || !Phone().IsMatch(button.PhoneNumber),
                    field,
                    "phone"
                );
                break;
            case TemplateButton.Code:
                check(button.Example is not { Length: > 0 and <= LongestCode }, field, "code");
                break;
            default:
                check(true, field, "format");
                break;
        }
    }

    private static bool IsEmpty(IReadOnlyDictionary<string, string> samples, string name) =>
        !samples.TryGetValue(name, out var sample) || string.IsNullOrWhiteSpace(sample);

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_]+)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    [GeneratedRegex("^[a-z0-9_]{1,512}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-z]{2,3}(_[A-Z]{2,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex LanguagePattern();

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^\{\{|\}\}$", RegexOptions.CultureInvariant)]
    private static partial Regex AtEdge();

    [GeneratedRegex(@"\}\}\s*\{\{", RegexOptions.CultureInvariant)]
    private static partial Regex Adjacent();

    [GeneratedRegex(@"^\+?[0-9 ()-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
