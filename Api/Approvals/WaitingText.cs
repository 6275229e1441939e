using System.Text.Json.Nodes;

namespace Threadkeep.Approvals;

/// <summary>Where a message of the Cloud API has the text that whoever approves it may change.</summary>
internal static class WaitingText
{
    private static readonly Dictionary<string, string[]> Places = new()
    {
        ["text"] = ["text", "body"],
        ["image"] = ["image", "caption"],
        ["video"] = ["video", "caption"],
        ["document"] = ["document", "caption"],
        ["interactive"] = ["interactive", "body", "text"],
    };

    public static bool IsChangeable(string type) => Places.ContainsKey(type);

    /// <summary>The body with this text in the place of its own; null where its type has none.</summary>
    public static string? Change(string type, string body, string text)
    {
        if (!Places.TryGetValue(type, out var place))
            return null;
        var json = JsonNode.Parse(body)!.AsObject();
        var parent = json;
        foreach (var name in place[..^1])
        {
            if (parent[name] is not JsonObject child)
                parent[name] = child = [];
            parent = child;
        }
        // An empty caption is none.
        if (text.Length == 0 && place[^1] == "caption")
            parent.Remove("caption");
        else
            parent[place[^1]] = text;
        return json.ToJsonString();
    }
}
