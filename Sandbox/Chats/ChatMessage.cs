using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Chats;

/// <summary>One message of a chat between a customer and a business number.</summary>
/// <param name="Wamid">Meta's id.</param>
/// <param name="PhoneNumberId">The business number.</param>
/// <param name="WaId">The customer.</param>
/// <param name="Direction">Seen from the business: <c>inbound</c> is what the customer wrote.</param>
/// <param name="Type">Meta's type name.</param>
/// <param name="Content">The object under the type's name, as sent or received.</param>
/// <param name="Template">What a template looks like on the phone.</param>
/// <param name="ContextId">The message this one answers.</param>
/// <param name="CallbackData">The sender's <c>biz_opaque_callback_data</c>.</param>
/// <param name="Category">Price category: <c>service</c> or the template's.</param>
/// <param name="At">When it was written, UTC.</param>
/// <param name="Status">Inbound: sent, delivered, read (by the business). Outbound: accepted, sent, delivered, read, failed.</param>
/// <param name="ErrorCode">Meta's code of a failed one.</param>
/// <param name="FromAd">The customer came by an advertisement that opens the chat.</param>
/// <param name="FreeUntil">Sent within the free entry point: its end, UTC.</param>
public sealed record ChatMessage(
    string Wamid,
    string PhoneNumberId,
    string WaId,
    string Direction,
    string Type,
    JsonNode? Content,
    TemplateView? Template,
    string? ContextId,
    string? CallbackData,
    string Category,
    DateTimeOffset At,
    string Status,
    int? ErrorCode,
    bool FromAd = false,
    DateTimeOffset? FreeUntil = null
)
{
    public const string Inbound = "inbound";
    public const string Outbound = "outbound";

    public bool IsInbound => Direction == Inbound;
}

/// <summary>A template with its variables filled in.</summary>
/// <param name="Name">The template's name.</param>
/// <param name="Header">First line, in bold.</param>
/// <param name="Body">The text.</param>
/// <param name="Footer">Last line, small.</param>
/// <param name="Buttons">Buttons below.</param>
/// <param name="HeaderMediaId">Picture above, where the header is one.</param>
public sealed record TemplateView(
    string Name,
    string? Header,
    string Body,
    string? Footer,
    TemplateButton[] Buttons,
    string? HeaderMediaId
);

/// <param name="Type">Meta's button type, for example <c>QUICK_REPLY</c>.</param>
/// <param name="Text">What it says.</param>
/// <param name="Payload">What a quick reply sends back.</param>
public sealed record TemplateButton(string Type, string Text, string? Payload);
