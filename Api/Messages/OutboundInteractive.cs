using System.Text.Json.Nodes;
using Threadkeep.Threads;

namespace Threadkeep.Messages;

/// <summary>Messages with something to tap: reply buttons, a list, a link, a request for the location (Cloud API, "Limits").</summary>
internal static class OutboundInteractive
{
    private const int MaxBody = 1_024;
    private const int MaxListBody = 4_096;
    private const int MaxHeader = 60;
    private const int MaxFooter = 60;
    private const int MaxButtons = 3;
    private const int MaxRows = 10;
    private const int MaxButtonText = 20;
    private const int MaxRowText = 24;
    private const int MaxRowHint = 72;

    private static readonly Dictionary<string, Func<JsonObject, SendRequest?>> Actions = new()
    {
        ["button"] = CheckButtons,
        ["list"] = CheckList,
        ["cta_url"] = CheckLink,
        ["location_request_message"] = action => Named(action, "send_location"),
    };

    public static SendRequest Read(JsonObject json, AcceptMessage message)
    {
        var interactive = json["interactive"] as JsonObject;
        var type = SendRequest.Text(interactive, "type");
        if (type is null || !Actions.TryGetValue(type, out var check))
            return SendRequest.Invalid("interactive.type must be " + string.Join(", ", Actions.Keys) + ".");
        if (interactive!["action"] is not JsonObject action)
            return SendRequest.Invalid("interactive.action is missing.");
        var wrong =
            Words(interactive["body"], "text", "interactive.body.text", type == "list" ? MaxListBody : MaxBody)
            ?? CheckHeader(interactive["header"])
            ?? (
                interactive["footer"] is null
                    ? null
                    : Words(interactive["footer"], "text", "interactive.footer.text", MaxFooter)
            )
            ?? check(action);
        return wrong ?? new SendRequest(message with { Text = SendRequest.Text(interactive["body"], "text") }, null);
    }

    private static SendRequest? CheckHeader(JsonNode? header)
    {
        if (header is null)
            return null;
        return SendRequest.Text(header, "type") == "text"
            ? Words(header, "text", "interactive.header.text", MaxHeader)
            : SendRequest.Invalid("interactive.header.type must be text.");
    }

    private static SendRequest? CheckButtons(JsonObject action)
    {
        if (action["buttons"] is not JsonArray { Count: > 0 and <= MaxButtons } buttons)
            return SendRequest.Invalid($"interactive.action.buttons must hold 1 to {MaxButtons} buttons.");
        var replies = buttons.Select(b => (b as JsonObject)?["reply"]).ToArray();
        return replies
                .Select(r =>
                    Words(r, "title", "interactive.action.buttons.reply.title", MaxButtonText)
                    ?? Words(r, "id", "interactive.action.buttons.reply.id", 256)
                )
                .FirstOrDefault(w => w is not null)
            ?? Different(replies, "id", "interactive.action.buttons.reply.id")
            ?? Different(replies, "title", "interactive.action.buttons.reply.title");
    }

    private static SendRequest? CheckList(JsonObject action)
    {
        var sections = (action["sections"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var rows = sections.SelectMany(s => s["rows"] as JsonArray ?? []).ToArray();
        if (sections.Length is 0 or > MaxRows || rows.Length is 0 or > MaxRows)
            return SendRequest.Invalid($"interactive.action.sections must hold 1 to {MaxRows} rows in all.");
        return Words(action, "button", "interactive.action.button", MaxButtonText)
            ?? sections
                .Where(s => sections.Length > 1 || s["title"] is not null)
                .Select(s => Words(s, "title", "interactive.action.sections.title", MaxRowText))
                .FirstOrDefault(w => w is not null)
            ?? rows.Select(CheckRow).FirstOrDefault(w => w is not null)
            ?? Different(rows, "id", "interactive.action.sections.rows.id");
    }

    private static SendRequest? CheckRow(JsonNode? row) =>
        Words(row, "id", "interactive.action.sections.rows.id", 200)
        ?? Words(row, "title", "interactive.action.sections.rows.title", MaxRowText)
        ?? (
            row?["description"] is null
                ? null
                : Words(row, "description", "interactive.action.sections.rows.description", MaxRowHint)
        );

    private static SendRequest? CheckLink(JsonObject action)
    {
        if (Named(action, "cta_url") is { } wrong)
            return wrong;
        var parameters = action["parameters"];
        if (
            SendRequest.Text(parameters, "url") is not { Length: <= 2_000 } url
            || !Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
            return SendRequest.Invalid(
                "interactive.action.parameters.url must be an address that begins with https://."
            );
        return Words(parameters, "display_text", "interactive.action.parameters.display_text", MaxButtonText);
    }

    private static SendRequest? Named(JsonObject action, string name) =>
        SendRequest.Text(action, "name") == name
            ? null
            : SendRequest.Invalid($"interactive.action.name must be {name}.");

    private static SendRequest? Words(JsonNode? parent, string name, string field, int most)
    {
        if (SendRequest.Text(parent, name) is not { } text || string.IsNullOrWhiteSpace(text))
            return SendRequest.Invalid($"{field} is missing.");
        return text.Length > most ? SendRequest.TooLong(field, most) : null;
    }

    private static SendRequest? Different(IReadOnlyCollection<JsonNode?> items, string name, string field) =>
        items.Select(i => SendRequest.Text(i, name)).Distinct().Count() == items.Count
            ? null
            : SendRequest.Invalid($"{field} must not be the same twice.");
}
