using System.Text.Json.Nodes;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>
/// Tells the statuses of what has been posted, in Meta's place (the Sandbox holds its own back): in any order, some twice, some in one
/// body, failures before deliveries.
/// </summary>
internal sealed class StatusPlayer(Deployment deployment, int seed, IReadOnlyList<Family> families)
{
    private readonly System.Random random = new(seed);
    private readonly HashSet<string> played = [];

    public int Statuses { get; private set; }

    /// <summary>Plays for everything that was posted and not played yet; returns when all was answered 200.</summary>
    public async Task PlayAsync()
    {
        var posts = (await deployment.Sandbox.PostsAsync()).Where(p => (bool)p!["accepted"]!);
        var bodies = new List<object[]>();
        foreach (var post in posts)
        {
            if (!played.Contains((string)post!["id"]!) && SentAs((string)post["bizOpaqueCallbackData"]!) is { } sent)
            {
                played.Add((string)post["id"]!);
                bodies.AddRange(BodiesOf(post, sent));
            }
        }
        await Task.WhenAll(
            bodies.Select(b =>
                families[0].UntilDoneAsync("statuses", () => deployment.Meta.PostAsync(new MetaChange { Statuses = b }))
            )
        );
    }

    // Null: accepted, and the answer to it has not arrived yet.
    private Sent? SentAs(string id)
    {
        foreach (var person in families.SelectMany(f => f.Everybody()))
        {
            lock (person.Sends)
            {
                if (person.Sends.Find(s => s.Id == id) is { } sent)
                    return sent;
            }
        }
        return null;
    }

    private List<object[]> BodiesOf(JsonNode post, Sent sent)
    {
        var stages = new List<string> { "sent" };
        if (random.Next(5) > 0)
            stages.Add("delivered");
        if (random.Next(2) > 0)
            stages.Add("read");
        if (random.Next(6) == 0)
            stages.Add("failed");
        sent.Told.UnionWith(stages);
        stages.AddRange(stages.Where(_ => random.Next(4) == 0).ToArray()); // told twice
        var items = stages.Select(s => StatusOf(post, sent, s)).ToArray();
        random.Shuffle(items);
        Statuses += items.Length;
        return random.Next(3) == 0 ? [items] : [.. items.Select(i => new[] { i })];
    }

    private object StatusOf(JsonNode post, Sent sent, string stage) =>
        new Dictionary<string, object?>
        {
            ["id"] = (string)post["wamid"]!,
            ["status"] = stage,
            ["timestamp"] = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}",
            ["recipient_id"] = (string)post["to"]!,
            ["biz_opaque_callback_data"] = sent.Id,
            ["errors"] =
                stage == "failed" ? new object[] { new { code = 131026, title = "Message undeliverable" } } : null,
        };
}
