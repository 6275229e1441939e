using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Control;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Coexistence;

/// <summary>
/// The WhatsApp Business app of a number that stays in it (Cloud API, "Coexistence"): what is written there is told as echoes, and what was
/// written before is handed over once, when it is asked for within a day.
/// </summary>
public sealed class PhoneApp(
    NumberBook numbers,
    CustomerBook customers,
    ChatBook chats,
    WebhookFeed feed,
    TimeProvider time
)
{
    /// <summary>Messages of a chunk of history.</summary>
    public const int ChunkSize = 20;

    private static readonly TimeSpan AskWithin = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Shared> shared = [];

    /// <param name="Since">When the number was taken into the API beside the app.</param>
    /// <param name="History">Chats of before: <c>{id, messages}</c>, each as in the webhook.</param>
    /// <param name="Declined">The business does not share its history.</param>
    private sealed record Shared(DateTimeOffset Since, JsonArray History, bool Declined)
    {
        public ConcurrentDictionary<string, bool> Asked { get; } = [];
    }

    /// <summary>The number stays in the app from now on.</summary>
    public void Share(string phoneNumberId, DateTimeOffset since, JsonArray history, bool declined)
    {
        shared[phoneNumberId] = new Shared(since, history, declined);
        numbers.Change(phoneNumberId, number => number with { OnPhoneApp = true });
    }

    /// <summary>The business writes in the app; answers the message's id.</summary>
    public string Write(BusinessNumber number, string to, JsonObject call)
    {
        ArgumentNullException.ThrowIfNull(number);
        ArgumentNullException.ThrowIfNull(call);
        var customer = customers.Meet(to);
        var type = call.Text("type") ?? "text";
        var content = type == "text" ? new JsonObject { ["body"] = call.Text("text") ?? "" } : call[type]?.DeepClone();
        var at = ControlTime.Parse(call["at"]) ?? time.GetUtcNow();
        var wamid = call.Text("wamid") ?? GraphIds.Wamid(to);
        chats.Add(
            new ChatMessage(
                wamid,
                number.PhoneNumberId,
                to,
                ChatMessage.Outbound,
                type,
                content?.DeepClone(),
                Template: null,
                call.Text("contextId"),
                CallbackData: null,
                "service",
                at,
                "delivered",
                ErrorCode: null
            )
        );
        var value = OutgoingValue.Base(number);
        value["contacts"] = new JsonArray { OutgoingValue.Contact(customer) };
        value["message_echoes"] = new JsonArray
        {
            new JsonObject
            {
                ["from"] = number.Digits,
                ["to"] = to,
                ["to_user_id"] = customer.UserId,
                ["id"] = wamid,
                ["timestamp"] = OutgoingValue.Unix(at),
                ["type"] = type,
                [type] = content,
            },
        };
        feed.Tell(new WebhookUpdate(number.WabaId, "smb_message_echoes", value, $"echo {type}", []));
        return wamid;
    }

    /// <summary>Hands over contacts or history; the error where Meta would refuse.</summary>
    public GraphError? HandOver(BusinessNumber number, string? kind)
    {
        ArgumentNullException.ThrowIfNull(number);
        if (!number.OnPhoneApp || !shared.TryGetValue(number.PhoneNumberId, out var app))
            return GraphError.Of(100, "The number is not used in the WhatsApp Business app.");
        if (kind is not ("smb_app_state_sync" or "history"))
            return GraphError.Of(100, "sync_type must be smb_app_state_sync or history.");
        if (time.GetUtcNow() - app.Since > AskWithin)
            return GraphError.Of(2593108);
        if (!app.Asked.TryAdd(kind, true))
            return GraphError.Of(2593107);
        if (kind == "history")
            TellHistory(number, app);
        else
            TellContacts(number, app);
        return null;
    }

    private void TellContacts(BusinessNumber number, Shared app)
    {
        var value = OutgoingValue.Base(number);
        value["state_sync"] = new JsonArray([
            .. app
                .History.Objects()
                .Select(thread => new JsonObject
                {
                    ["type"] = "contact",
                    ["contact"] = new JsonObject { ["phone_number"] = thread.Text("id") },
                    ["action"] = "add",
                    ["metadata"] = new JsonObject { ["timestamp"] = OutgoingValue.Unix(app.Since) },
                }),
        ]);
        feed.Tell(new WebhookUpdate(number.WabaId, "smb_app_state_sync", value, "contacts", []));
    }

    private void TellHistory(BusinessNumber number, Shared app)
    {
        if (app.Declined)
        {
            Tell(number, new JsonObject { ["errors"] = new JsonArray { OutgoingValue.Error(2593109) } });
            return;
        }
        var all = app
            .History.Objects()
            .SelectMany(thread => thread.Array("messages").Objects().Select(message => (thread.Text("id"), message)))
            .Chunk(ChunkSize)
            .ToArray();
        for (var n = 0; n < all.Length; n++)
            Tell(
                number,
                new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["phase"] = 0,
                        ["chunk_order"] = n + 1,
                        ["progress"] = 100 * (n + 1) / all.Length,
                    },
                    ["threads"] = new JsonArray([
                        .. all[n]
                            .GroupBy(one => one.Item1)
                            .Select(thread => new JsonObject
                            {
                                ["id"] = thread.Key,
                                ["messages"] = new JsonArray([.. thread.Select(one => one.message.DeepClone())]),
                            }),
                    ]),
                }
            );
    }

    private void Tell(BusinessNumber number, JsonObject chunk)
    {
        var value = OutgoingValue.Base(number);
        value["history"] = new JsonArray { chunk };
        feed.Tell(new WebhookUpdate(number.WabaId, "history", value, "history", []));
    }
}
