using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Graph;

namespace Threadkeep.Sandbox.Messages;

/// <summary>Limits of interactive messages. A refusal names the field.</summary>
public static class InteractiveRules
{
    public static GraphError? Check(JsonObject interactive)
    {
        var type = interactive.Text("type");
        var action = interactive.Child("action");
        if (action is null)
            return MessageRules.Missing("interactive.action");
        var maxBody = type == "list" ? 4096 : 1024;
        return TextOf(interactive.Child("body"), "interactive.body.text", maxBody, required: true)
            ?? TextOf(interactive.Child("footer"), "interactive.footer.text", 60)
            ?? TextOf(interactive.Child("header"), "interactive.header.text", 60)
            ?? type switch
            {
                "button" => CheckButtons(action.Array("buttons")),
                "list" => CheckList(interactive, action),
                "cta_url" => CheckLink(action.Child("parameters")),
                "location_request_message" or "flow" or "request_contact_info" => null,
                _ => GraphError.Of(131009, $"interactive.type: {type} is not supported."),
            };
    }

    private static GraphError? CheckButtons(JsonArray? buttons)
    {
        if (buttons is null or { Count: 0 or > 3 })
            return GraphError.Of(131009, "interactive.action.buttons must hold 1 to 3 buttons.");
        var replies = buttons.Objects().Select(b => b.Child("reply")).ToArray();
        foreach (var reply in replies)
        {
            var wrong =
                Text(reply.Text("title"), "interactive.action.buttons.reply.title", 20)
                ?? Text(reply.Text("id"), "interactive.action.buttons.reply.id", 256);
            if (wrong is not null)
                return wrong;
        }
        return replies.Select(r => r.Text("id")).Distinct().Count() == replies.Length
            ? null
            : GraphError.Of(131009, "interactive.action.buttons.reply.id must be unique.");
    }

    private static GraphError? CheckList(JsonObject interactive, JsonObject action)
    {
        if (interactive.Child("header") is { } header && header.Text("type") != "text")
            return GraphError.Of(131009, "interactive.header.type must be text for a list.");
        if (Text(action.Text("button"), "interactive.action.button", 20) is { } wrongButton)
            return wrongButton;
        var sections = action.Array("sections").Objects().ToArray();
        if (sections.Length is 0 or > 10)
            return GraphError.Of(131009, "interactive.action.sections must hold 1 to 10 sections.");
        var rows = sections.SelectMany(s => s.Array("rows").Objects()).ToArray();
        if (rows.Length is 0 or > 10)
            return GraphError.Of(131009, "interactive.action.sections.rows must hold 1 to 10 rows in all.");
        return sections
                .Select(s => Text(s.Text("title"), "interactive.action.sections.title", 24, sections.Length > 1))
                .FirstOrDefault(e => e is not null)
            ?? rows.Select(CheckRow).FirstOrDefault(e => e is not null);
    }

    private static GraphError? CheckRow(JsonObject row) =>
        Text(row.Text("id"), "interactive.action.sections.rows.id", 200)
        ?? Text(row.Text("title"), "interactive.action.sections.rows.title", 24)
        ?? Text(row.Text("description"), "interactive.action.sections.rows.description", 72, required: false);

    private static GraphError? CheckLink(JsonObject? parameters) =>
        Text(parameters.Text("display_text"), "interactive.action.parameters.display_text", 20)
        ?? Text(parameters.Text("url"), "interactive.action.parameters.url", 2000);

    private static GraphError? TextOf(JsonObject? part, string field, int max, bool required = false) =>
        part is null && !required ? null : Text(part.Text("text"), field, max, required);

    private static GraphError? Text(string? text, string field, int max, bool required = true)
    {
        if (string.IsNullOrEmpty(text))
            return required ? MessageRules.Missing(field) : null;
        return text.Length > max ? MessageRules.TooLong(field, max) : null;
    }
}
