using System.Text.Json.Nodes;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Assignment;

/// <summary>The silo dies while tickets wait for somebody to be free.</summary>
[Collection(nameof(SharedSilo))]
public sealed class SiloKilledTests(OneSilo deployment) : ClusterTest(deployment)
{
    private const string Word = "割り当ててください";

    [Fact]
    public async Task What_waits_goes_to_whoever_is_free_when_the_silo_is_back_the_oldest_first_and_each_once()
    {
        var people = (await Rest.GetAsync("availability")).Body!["items"]!
            .AsArray()
            .Select(p => p!["id"]!.ToString())
            .ToArray();
        await SaveAsync(
            1,
            new
            {
                name = "Ours",
                method = "round_robin",
                agentIds = new[] { people[0] },
                // The tickets of the tests before are not this one's.
                filters = new[]
                {
                    new
                    {
                        property = "message.lastText",
                        @operator = "contains",
                        values = new[] { Word },
                    },
                },
            }
        );
        try
        {
            var threads = new List<string>();
            for (var n = 0; n < 3; n++)
                threads.Add(await HearAsync());
            await Eventually.IsTrueAsync("the first is theirs", async () => await OwnerAsync(threads[0]) == people[0]);
            await Eventually.IsTrueAsync("the others wait", async () => await WaitingAsync() == 2);

            var closed = await Rest.CallAsync(
                HttpMethod.Patch,
                $"tickets/{(await TicketAsync(threads[0]))["id"]}",
                new { status = "closed" }
            );
            closed.Status.ShouldBe(200);
            Deployment.KillSilo();
            await Deployment.ReviveSiloAsync();

            await Eventually.IsTrueAsync(
                "the second is theirs",
                async () => await OwnerAsync(threads[1]) == people[0],
                TimeSpan.FromSeconds(40)
            );
            (await OwnerAsync(threads[2])).ShouldBeNull();
            var told = (await Rest.GetAsync($"threads/{threads[1]}/messages?include=events&limit=100")).Body!["items"]!;
            told.AsArray().Count(m => m!["data"]?["changes"]?["owner"] is not null).ShouldBe(1);
        }
        finally
        {
            await SaveAsync(20);
        }
    }

    private async Task<string> HearAsync()
    {
        var customer = Meta.NewCustomer();
        await Sandbox.IsDeliveredAsync(await Sandbox.WriteAsync(customer, Word));
        return await Deployment.ThreadOfAsync(customer);
    }

    private async Task SaveAsync(int defaultCapacity, params object[] rules)
    {
        var version = (int)(await Rest.GetAsync("assignment")).Body!["version"]!;
        var saved = await Rest.CallAsync(
            HttpMethod.Put,
            "assignment",
            new
            {
                version,
                defaultCapacity,
                rules,
            }
        );
        saved.Status.ShouldBe(200, saved.Body?.ToJsonString());
    }

    private async Task<JsonNode> TicketAsync(string thread) =>
        (await Rest.GetAsync($"threads/{thread}")).Body!["ticket"]!;

    // Null also while the silo is not back.
    private async Task<string?> OwnerAsync(string thread) =>
        (await Rest.GetAsync($"threads/{thread}")).Body?["ticket"]?["owner"]?["id"]?.ToString();

    private async Task<int> WaitingAsync() => (int)(await Rest.GetAsync("availability")).Body!["waiting"]!["count"]!;
}
