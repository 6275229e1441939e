using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>
/// Puts updates into one notification. Messages of the same number share one change, as Meta's aggregation does;
/// different numbers, fields and accounts show the other two forms: several changes, several entries.
/// </summary>
public static class Envelope
{
    public static JsonObject Of(IEnumerable<WebhookUpdate> updates)
    {
        var entries = new JsonArray();
        foreach (var account in updates.GroupBy(u => u.WabaId))
        {
            var changes = new JsonArray();
            foreach (var alike in account.GroupBy(KindOf))
            {
                var value = (JsonObject)alike.First().Value.DeepClone();
                foreach (var more in alike.Skip(1))
                    Merge(value, more.Value);
                changes.Add(new JsonObject { ["value"] = value, ["field"] = alike.First().Field });
            }
            entries.Add(new JsonObject { ["id"] = account.Key, ["changes"] = changes });
        }
        return new JsonObject { ["object"] = "whatsapp_business_account", ["entry"] = entries };
    }

    private static string KindOf(WebhookUpdate update)
    {
        var number = update.Value["metadata"]?["phone_number_id"]?.ToString();
        var list = Lists.FirstOrDefault(update.Value.ContainsKey);
        // What cannot be merged stays a change of its own.
        return number is null || list is null ? Guid.NewGuid().ToString() : $"{update.Field} {number} {list}";
    }

    private static void Merge(JsonObject into, JsonObject more)
    {
        foreach (var list in Lists.Append("contacts"))
        foreach (var item in more[list]?.AsArray() ?? [])
        {
            if (into[list] is not JsonArray target)
                into[list] = target = [];
            if (list != "contacts" || !target.Any(known => JsonNode.DeepEquals(known, item)))
                target.Add(item!.DeepClone());
        }
    }

    private static readonly string[] Lists = ["messages", "statuses"];
}
