using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Control;

/// <summary>A customer writes: the message appears in the chat, and its webhook leaves.</summary>
public sealed class CustomerMessage(
    NumberBook numbers,
    CustomerBook customers,
    ChatBook chats,
    MediaStore media,
    MediaUrls urls,
    WebhookFeed feed,
    BlockBook blocks,
    TimeProvider time
)
{
    /// <summary>Takes the control call's body; answers the message's id.</summary>
    public async Task<string> WriteAsync(string waId, JsonObject call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var number = NumberOf(call);
        var customer = customers.Meet(waId, call.Text("name"), call.Text("userId"), call.Flag("omitWaId"));
        var type = call.Text("type") ?? "text";
        var at = ControlTime.Parse(call["at"]) ?? time.GetUtcNow();
        var content = await ContentAsync(number, type, call);
        var message = new ChatMessage(
            call.Text("wamid") ?? GraphIds.Wamid(waId),
            number.PhoneNumberId,
            waId,
            ChatMessage.Inbound,
            type,
            content,
            Template: null,
            call.Text("contextId"),
            CallbackData: null,
            Category: "service",
            at,
            "sent",
            ErrorCode: null,
            FromAd: call.Child("raw").Child("referral") is not null
        );
        // A forced id that is there already: the phone keeps the first, the webhook goes out all the same.
        chats.Add(message);
        // Who is blocked sees the message leave; the business hears nothing of it.
        if (!blocks.Has(number.PhoneNumberId, waId))
            feed.Tell(ToWebhook(number, customer, message, call));
        return message.Wamid;
    }

    private BusinessNumber NumberOf(JsonObject call)
    {
        var id = call.Text("phoneNumberId");
        if (id is null)
            return numbers.All()[0];
        return numbers.Find(id) ?? throw new BadControlCallException($"phoneNumberId {id} is not known here.");
    }

    private async Task<JsonNode?> ContentAsync(BusinessNumber number, string type, JsonObject call)
    {
        if (type == "text")
            return new JsonObject { ["body"] = call.Text("text") ?? "" };
        var content = call[type]?.DeepClone();
        if (!MessageRules.MediaTypes.Contains(type) || content is not null)
            return content ?? Samples.ContentOf(type);
        var (mimeType, bytes, fileName) = MediaOf(type, call.Child("media"));
        var item = await media.AddAsync(number.PhoneNumberId, mimeType, bytes, fromCustomer: true);
        var described = new JsonObject
        {
            ["mime_type"] = mimeType,
            ["sha256"] = Convert.ToBase64String(Convert.FromHexString(item.Sha256)),
            ["id"] = item.Id,
            ["url"] = urls.Of(item),
        };
        if (call.Text("text") is { Length: > 0 } caption && type is not ("audio" or "sticker"))
            described["caption"] = caption;
        if (type == "document")
            described["filename"] = fileName ?? "document";
        if (type == "audio")
            described["voice"] = true;
        if (type == "sticker")
            described["animated"] = false;
        return described;
    }

    private static (string MimeType, byte[] Bytes, string? FileName) MediaOf(string type, JsonObject? given)
    {
        if (given is null)
            return Samples.FileOf(type) ?? throw new BadControlCallException($"media is required for type {type}.");
        if (given.Text("sample") is { } sample)
            return Samples.Picture(sample) ?? throw new BadControlCallException($"There is no sample {sample}.");
        try
        {
            return (
                given.Text("mimeType") ?? throw new BadControlCallException("media.mimeType is required."),
                Convert.FromBase64String(given.Text("base64") ?? ""),
                given.Text("fileName")
            );
        }
        catch (FormatException)
        {
            throw new BadControlCallException("media.base64 is not base64.");
        }
    }

    private static WebhookUpdate ToWebhook(
        BusinessNumber number,
        Customer customer,
        ChatMessage message,
        JsonObject call
    )
    {
        var item = new JsonObject();
        if (!customer.HidesNumber)
            item["from"] = customer.WaId;
        var withUserId = call.Flag("omitUserId") != true;
        if (withUserId)
            item["from_user_id"] = customer.UserId;
        item["id"] = message.Wamid;
        item["timestamp"] = OutgoingValue.Unix(message.At);
        if (message.ContextId is not null)
            item["context"] = new JsonObject { ["from"] = number.Digits, ["id"] = message.ContextId };
        item["type"] = message.Type;
        if (message.Content is not null)
            item[message.Type] = message.Content.DeepClone();
        foreach (var (name, member) in call.Child("raw") ?? [])
        {
            // null takes a member away.
            if (member is null)
                item.Remove(name);
            else
                item[name] = member.DeepClone();
        }
        var value = OutgoingValue.Base(number);
        if (message.Type != "system")
            value["contacts"] = new JsonArray { OutgoingValue.Contact(customer, withUserId) };
        if (message.Type == "call")
        {
            // It rings; nobody can answer a call here.
            item.Remove("type");
            item["to"] = number.Digits;
            item["event"] = "connect";
            item["direction"] = "USER_INITIATED";
            value["calls"] = new JsonArray { item };
            return new WebhookUpdate(number.WabaId, "calls", value, "call", [message.Wamid]);
        }
        value["messages"] = new JsonArray { item };
        return new WebhookUpdate(number.WabaId, "messages", value, "message " + message.Type, [message.Wamid]);
    }
}
