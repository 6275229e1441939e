using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Control;

/// <summary>A customer moves to another phone number: Meta tells with a system message and with <c>user_id_update</c>.</summary>
public sealed class NumberChange(CustomerBook customers, ChatBook chats, WebhookFeed feed, TimeProvider time)
{
    public string Tell(BusinessNumber number, string from, string to)
    {
        ArgumentNullException.ThrowIfNull(number);
        var before = customers.Meet(from);
        var after = customers.Renumber(before, to);
        chats.Renumber(from, to);
        var at = OutgoingValue.Unix(time.GetUtcNow());
        var wamid = GraphIds.Wamid(from);

        var system = OutgoingValue.Base(number);
        system["messages"] = new JsonArray
        {
            new JsonObject
            {
                ["from"] = from,
                ["from_user_id"] = before.UserId,
                ["id"] = wamid,
                ["timestamp"] = at,
                ["type"] = "system",
                ["system"] = new JsonObject
                {
                    ["body"] = $"User {after.Name} changed from {from} to {to}",
                    ["wa_id"] = to,
                    ["user_id"] = after.UserId,
                    ["type"] = "user_changed_number",
                },
            },
        };
        feed.Tell(new WebhookUpdate(number.WabaId, "messages", system, "system user_changed_number", []));

        var update = OutgoingValue.Base(number);
        update["contacts"] = new JsonArray { new JsonObject { ["user_id"] = after.UserId } };
        update["user_id_update"] = new JsonArray
        {
            new JsonObject
            {
                ["wa_id"] = to,
                ["detail"] = "The user changed the phone number",
                ["user_id"] = new JsonObject { ["previous"] = before.UserId, ["current"] = after.UserId },
                ["timestamp"] = at,
            },
        };
        feed.Tell(new WebhookUpdate(number.WabaId, "user_id_update", update, "user_id_update", []));
        return wamid;
    }
}
