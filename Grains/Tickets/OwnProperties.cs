using System.Text.Json.Nodes;

namespace Threadkeep.Tickets;

/// <summary>A ticket's values of the account's own properties, as its row keeps them: a JSON object by the properties' ids. Pure.</summary>
internal static class OwnProperties
{
    /// <summary>The object with these values; the very same text where nothing is another.</summary>
    public static string With(string before, IReadOnlyList<CustomValue> values)
    {
        if (values.Count == 0)
            return before;
        var all = Read(before);
        var changed = false;
        foreach (var value in values)
        {
            var key = value.Property.ToString("N");
            var next = value.Json is null ? null : JsonNode.Parse(value.Json);
            if (JsonNode.DeepEquals(all[key], next))
                continue;
            changed = true;
            if (next is null)
                all.Remove(key);
            else
                all[key] = next;
        }
        return changed ? all.ToJsonString() : before;
    }

    /// <summary>By property what it was and is; null: not known.</summary>
    public static JsonObject Differences(string before, string after)
    {
        var (was, now) = (Read(before), Read(after));
        var told = new JsonObject();
        foreach (var key in was.Select(p => p.Key).Union(now.Select(p => p.Key)).ToArray())
        {
            if (!JsonNode.DeepEquals(was[key], now[key]))
                told[key] = new JsonObject { ["from"] = was[key]?.DeepClone(), ["to"] = now[key]?.DeepClone() };
        }
        return told;
    }

    private static JsonObject Read(string text) => JsonNode.Parse(text)!.AsObject();
}
