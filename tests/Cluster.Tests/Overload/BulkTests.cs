using System.Collections.Concurrent;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Overload;

/// <summary>
/// A bulk send waits and leaves at its pace; replies do not notice (docs/adr/016-bulk.md).
/// THREADKEEP_BULK says how many messages (default 1,500; 20,000 for the record).
/// </summary>
public sealed class BulkTests(OneSilo deployment) : ClusterTest(deployment), IClassFixture<OneSilo>
{
    private const int Agents = 4;
    private const int Replies = 16;

    // Meta takes its time: only then are the places for messages on their way worth having. The Sandbox notes a post after it.
    private static readonly TimeSpan MetaTakes = TimeSpan.FromMilliseconds(1_500);

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    [Fact]
    public async Task A_bulk_send_of_thousands_never_delays_replies()
    {
        var count = Wish.Number("THREADKEEP_BULK", 1_500);
        var threads = await MeetAsync(count);
        var talking = await Task.WhenAll(Enumerable.Range(0, Agents).Select(_ => TalkAsync()));
        await Sandbox.SetFaultsAsync(
            new { messages = new[] { new { action = "delay", ms = (int)MetaTakes.TotalMilliseconds } } }
        );
        var idle = await ReplyAsync(talking);

        var begun = TimeProvider.System.GetTimestamp();
        var accepting = AcceptAsync(threads);
        var whileAccepting = await ReplyAsync(talking);
        await accepting;
        var accepted = TimeProvider.System.GetElapsedTime(begun);
        var waiting = await WaitingAsync();
        var whileWaiting = await ReplyAsync(talking);
        var since = TimeProvider.System.GetElapsedTime(begun);
        var stillWaiting = await WaitingAsync();
        Say(
            $"{count} accepted in {accepted.TotalSeconds:f1} s; {waiting} waited then, {stillWaiting} at the end, {since.TotalSeconds:f1} s after the first"
        );
        Say(
            $"from accepting a reply to its post: idle {Text(idle)}; while accepting bulk {Text(whileAccepting)}; while bulk waits {Text(whileWaiting)}"
        );

        stillWaiting.ShouldBeGreaterThan(0, "bulk is paced, so there is always some to stand in the way");
        stillWaiting.ShouldBeLessThan(count, "and it does leave");
        ((double)(count - stillWaiting)).ShouldBeLessThan(60 * (since.TotalSeconds + 2), "at its pace");
        // Without places of their own half of the replies waited for a place or a poll, the better part of a second and more.
        var usual = Median(idle) + TimeSpan.FromMilliseconds(400);
        Median(whileAccepting).ShouldBeLessThan(usual);
        Median(whileWaiting).ShouldBeLessThan(usual);
    }

    // Customers who have written once, each in a thread of its own.
    private async Task<string[]> MeetAsync(int count)
    {
        var customers = Enumerable.Range(0, count).Select(_ => Meta.NewCustomer()).ToArray();
        foreach (var some in customers.Chunk(100))
            (await Meta.AskAsync([.. some.Select(c => Meta.NewMessage(c, "Hello"))])).Status.ShouldBe(200);
        return
        [
            .. await Deployment.QueryAsync<string>(
                "select replace(id::text, '-', '') from threadkeep.threads where wa_id = any(@customers)",
                new { customers }
            ),
        ];
    }

    // Somebody whom the Sandbox knows too, so that it takes free text for them.
    private async Task<(string Thread, string WaId)> TalkAsync()
    {
        var customer = Meta.NewCustomer();
        await Sandbox.IsDeliveredAsync(await Sandbox.WriteAsync(customer, "Hello"));
        return (await Deployment.ThreadOfAsync(customer), customer);
    }

    private async Task AcceptAsync(string[] threads)
    {
        var left = new ConcurrentQueue<string>(threads);
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (left.TryDequeue(out var thread))
                            (await Rest.SendTemplateAsync(thread, $"bulk-{thread}", "bulk")).Status.ShouldBe(202);
                    })
                )
        );
    }

    // Each agent answers once the last answer is at Meta. How long each took from being accepted until its post.
    private async Task<List<TimeSpan>> ReplyAsync((string Thread, string WaId)[] talking)
    {
        var took = await Task.WhenAll(talking.Select(OfAgentAsync));
        return [.. took.SelectMany(t => t).Order()];

        async Task<List<TimeSpan>> OfAgentAsync((string Thread, string WaId) with)
        {
            var waits = new List<TimeSpan>();
            for (var n = 0; n < Replies / Agents; n++)
            {
                var answer = await Rest.SendTextAsync(with.Thread, "An answer", $"reply-{Guid.NewGuid():N}");
                answer.Status.ShouldBe(202);
                var id = (string)answer.Body!["id"]!;
                var accepted = answer.Body["message"]!["receivedAt"]!.GetValue<DateTimeOffset>();
                DateTimeOffset? posted = null;
                await Eventually.IsTrueAsync(
                    "the reply is at Meta",
                    async () =>
                    {
                        var post = (await Sandbox.SentToAsync(with.WaId)).FirstOrDefault(p =>
                            (string?)p!["bizOpaqueCallbackData"] == id
                        );
                        posted = post?["at"]?.GetValue<DateTimeOffset>();
                        return posted is not null;
                    }
                );
                waits.Add(posted!.Value - accepted);
            }
            return waits;
        }
    }

    private Task<long> WaitingAsync() =>
        Deployment.SingleAsync<long>("select count(*) from threadkeep.outbound_queue where lane = 1");

    private static TimeSpan Median(List<TimeSpan> sorted) => sorted[sorted.Count / 2];

    private static string Text(List<TimeSpan> sorted) =>
        $"p50 {Median(sorted).TotalMilliseconds:f0} ms, longest {sorted[^1].TotalMilliseconds:f0} ms";
}
