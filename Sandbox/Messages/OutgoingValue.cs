using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Messages;

/// <summary>Builds the values of the field <c>messages</c>: what webhooks say of messages and statuses.</summary>
public static class OutgoingValue
{
    /// <summary>Category of what is sent to somebody who came by an advertisement.</summary>
    public const string FreeEntry = "referral_conversion";

    public static JsonObject Base(BusinessNumber number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject
            {
                ["display_phone_number"] = number.Digits,
                ["phone_number_id"] = number.PhoneNumberId,
            },
        };
    }

    public static JsonObject Contact(Customer customer, bool withUserId = true)
    {
        ArgumentNullException.ThrowIfNull(customer);
        var profile = new JsonObject { ["name"] = customer.Name };
        if (customer.Username is not null)
            profile["username"] = customer.Username;
        var contact = new JsonObject { ["profile"] = profile };
        if (!customer.HidesNumber)
            contact["wa_id"] = customer.WaId;
        if (withUserId || customer.HidesNumber)
            contact["user_id"] = customer.UserId;
        return contact;
    }

    public static string Unix(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A status of a message the business sent.</summary>
    public static WebhookUpdate Status(
        BusinessNumber number,
        Customer customer,
        ChatMessage message,
        string status,
        DateTimeOffset at,
        int? errorCode
    )
    {
        ArgumentNullException.ThrowIfNull(number);
        ArgumentNullException.ThrowIfNull(customer);
        ArgumentNullException.ThrowIfNull(message);
        var item = new JsonObject
        {
            ["id"] = message.Wamid,
            ["status"] = status,
            ["timestamp"] = Unix(at),
        };
        if (!customer.HidesNumber)
            item["recipient_id"] = customer.WaId;
        item["recipient_user_id"] = customer.UserId;
        if (message.CallbackData is not null)
            item["biz_opaque_callback_data"] = message.CallbackData;
        if (status is "sent" or "delivered")
            item["pricing"] = Pricing(message.Category);
        if (status == "sent" && message.FreeUntil is { } until)
            item["conversation"] = new JsonObject
            {
                ["id"] = GraphIds.UserIdOf(message.WaId + message.PhoneNumberId),
                ["expiration_timestamp"] = Unix(until),
                ["origin"] = new JsonObject { ["type"] = FreeEntry },
            };
        if (status == "failed")
            item["errors"] = new JsonArray { Error(errorCode ?? 131000) };
        var value = Base(number);
        if (status != "failed")
            value["contacts"] = new JsonArray { Contact(customer) };
        value["statuses"] = new JsonArray { item };
        return new WebhookUpdate(number.WabaId, "messages", value, "status " + status, []);
    }

    public static JsonObject Error(int code)
    {
        var entry = ErrorTable.Find(code);
        return new JsonObject
        {
            ["code"] = code,
            ["title"] = entry.Title,
            ["message"] = entry.Title,
            ["error_data"] = new JsonObject { ["details"] = entry.Details },
            ["href"] = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
        };
    }

    // Per-message pricing. Free-form messages count as inside the monthly free allowance here.
    private static JsonObject Pricing(string category) =>
        new()
        {
            ["billable"] = category is not ("service" or FreeEntry),
            ["pricing_model"] = "PMP",
            ["type"] = category switch
            {
                "service" => "free_customer_service",
                FreeEntry => "free_entry_point",
                _ => "regular",
            },
            ["category"] = category,
        };
}
