using System.Text.Json;

namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>What a change that is not about messages says (Cloud API, "Other fields"). Null where it says nothing of the kind.</summary>
/// <param name="Field">Meta's field.</param>
/// <param name="PhoneNumberId">The number it is about; null: named otherwise, or all of the account.</param>
/// <param name="DisplayNumber">Digits of the number it is about.</param>
/// <param name="Template">The template it is about.</param>
public sealed record WabaChange(string Field, string? PhoneNumberId, string? DisplayNumber, TemplateChange? Template)
{
    /// <summary>Reads one change object: <c>{"field":…,"value":…}</c>. What cannot be read is a change of its field and no more.</summary>
    public static WabaChange Of(string field, byte[] raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        using var document = JsonDocument.Parse(raw, new JsonDocumentOptions { MaxDepth = 1_000 });
        var value = Member(document.RootElement, "value");
        var display = Text(value, "display_phone_number") ?? Text(Member(value, "metadata"), "display_phone_number");
        var number =
            Text(Member(value, "metadata"), "phone_number_id")
            ?? (Text(value, "entity_type") == "PHONE_NUMBER" ? Text(value, "entity_id") : null);
        return new WabaChange(
            field,
            number,
            display is null ? null : string.Concat(display.Where(char.IsAsciiDigit)),
            TemplateOf(field, value)
        );
    }

    private static TemplateChange? TemplateOf(string field, JsonElement value)
    {
        // An Int64 in webhooks, text everywhere else.
        if (Text(value, "message_template_id") is not { } id)
            return null;
        return field switch
        {
            "message_template_status_update" => new TemplateChange(
                id,
                Status: StatusOf(Text(value, "event")),
                Reason: Text(Member(value, "rejection_info"), "reason")
                    ?? Text(Member(value, "other_info"), "description")
                    ?? (Text(value, "reason") is { } reason and not "NONE" ? reason : null)
            ),
            "message_template_quality_update" => new TemplateChange(id, Quality: Text(value, "new_quality_score")),
            // With correct_category it only warns of what comes in a day.
            "template_category_update" when Text(value, "correct_category") is null => new TemplateChange(
                id,
                Category: Text(value, "new_category")
            ),
            "message_template_components_update" => new TemplateChange(id, HasNewContent: true),
            _ => null,
        };
    }

    // Only what changes whether it may be sent: a flag is a warning, and what is reinstated or unarchived is approved again.
    private static string? StatusOf(string? told) =>
        told switch
        {
            "REINSTATED" or "UNARCHIVED" => "APPROVED",
            "FLAGGED" => null,
            { Length: > 0 and <= 40 } status => status,
            _ => null,
        };

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } found
        && found.ToString() is { Length: > 0 and <= 2_000 } text
            ? text
            : null;
}

/// <summary>What a change says of one template; null where it says nothing of it.</summary>
/// <param name="GraphId">Meta's id.</param>
/// <param name="Status">APPROVED, REJECTED, PAUSED… an open set; only APPROVED may be sent.</param>
/// <param name="Reason">Why, in Meta's words.</param>
/// <param name="HasNewContent">Its parts changed: they have to be fetched.</param>
public sealed record TemplateChange(
    string GraphId,
    string? Status = null,
    string? Reason = null,
    string? Quality = null,
    string? Category = null,
    bool HasNewContent = false
);
