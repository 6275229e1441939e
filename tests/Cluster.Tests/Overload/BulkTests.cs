using System.Collections.Concurrent;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Overload;

/// <summary>
/// A bulk send waits; replies do not notice (docs/adr/016-bulk.md).
/// THREADKEEP_BULK says how many messages (default 400; 20,000 for the record).
/// </summary>
public sealed class BulkTests(PacedSilo deployment) : ClusterTest(deployment), IClassFixture<PacedSilo>
{
    private const int Agents = 20;

    /// <summary>As <c>DispatcherGrain</c> has them.</summary>
    private const int PlacesOfBulk = 32;

    /// <summary>Of any message on its way, if there were none for bulk alone.</summary>
    private const int Places = 64;

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    [Fact]
    public async Task A_bulk_send_of_thousands_never_delays_replies()
    {
        var count = Wish.Number("THREADKEEP_BULK", 400);
        count.ShouldBeGreaterThan(2 * Places, "there must be more than can be on its way");
        var threads = await MeetAsync(count);
        var talking = await Task.WhenAll(Enumerable.Range(0, Agents).Select(_ => TalkAsync()));
        var idle = await ReplyAsync(talking);

        // Meta takes bulk and answers none of it: whatever place bulk may have, it has and keeps.
        await Sandbox.SetFaultsAsync(
            new { messages = new[] { new { action = "hold", match = new { type = "template" } } } }
        );
        var begun = TimeProvider.System.GetTimestamp();
        var accepting = AcceptAsync(threads);
        await Eventually.IsTrueAsync("bulk is on its way", async () => await OnTheirWayAsync() >= PlacesOfBulk);
        var whileAccepting = await ReplyAsync(talking);
        await accepting;
        var accepted = TimeProvider.System.GetElapsedTime(begun);
        await NoMoreIsBegunAsync();
        var whileWaiting = await ReplyAsync(talking);
        var (onTheirWay, waiting) = (await OnTheirWayAsync(), await WaitingAsync());
        Say($"{count} accepted in {accepted.TotalSeconds:f1} s; {onTheirWay} of {waiting} on their way, and held");
        Say($"from accepting a reply to its post, idle: {Text(idle)}");
        Say($"while bulk is accepted: {Text(whileAccepting)}");
        Say($"while bulk has its places: {Text(whileWaiting)}");
        waiting.ShouldBeGreaterThan(Places, "there was always some to stand in the way");

        await Sandbox.ReleaseAsync();
        await Eventually.IsTrueAsync(
            "bulk leaves, and more is begun",
            async () => await WaitingAsync() < waiting - PlacesOfBulk
        );
    }

    // Bulk is begun many times a second while there is a place: none for a second means that it has what it may have.
    private async Task NoMoreIsBegunAsync()
    {
        var (known, since) = (-1L, TimeProvider.System.GetTimestamp());
        await Eventually.IsTrueAsync(
            "no more of bulk is begun",
            async () =>
            {
                var now = await OnTheirWayAsync();
                if (now != known)
                    (known, since) = (now, TimeProvider.System.GetTimestamp());
                return TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(1);
            }
        );
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

    // Each agent answers once, all at the same time. How long each took from being accepted until its post.
    private async Task<List<TimeSpan>> ReplyAsync((string Thread, string WaId)[] talking) =>
        [.. (await Task.WhenAll(talking.Select(with => AnswerAsync(with.Thread, with.WaId)))).Order()];

    private async Task<TimeSpan> AnswerAsync(string thread, string waId)
    {
        var answer = await Rest.SendTextAsync(thread, "An answer", $"reply-{Guid.NewGuid():N}");
        answer.Status.ShouldBe(202);
        var id = (string)answer.Body!["id"]!;
        DateTimeOffset? posted = null;
        await Eventually.IsTrueAsync(
            "the reply is at Meta",
            async () =>
            {
                var post = (await Sandbox.SentToAsync(waId)).FirstOrDefault(p =>
                    (string?)p!["bizOpaqueCallbackData"] == id
                );
                posted = post?["at"]?.GetValue<DateTimeOffset>();
                return posted is not null;
            },
            // Before Meta's silence ends for any of bulk (PacedSilo): nothing else would give a place back.
            TimeSpan.FromSeconds(10)
        );
        return posted!.Value - answer.Body["message"]!["receivedAt"]!.GetValue<DateTimeOffset>();
    }

    private Task<long> OnTheirWayAsync() =>
        Deployment.SingleAsync<long>(
            "select count(*) from threadkeep.outbound_queue where lane = 1 and attempt is not null"
        );

    private Task<long> WaitingAsync() =>
        Deployment.SingleAsync<long>("select count(*) from threadkeep.outbound_queue where lane = 1");

    private static string Text(List<TimeSpan> sorted) =>
        string.Join(' ', sorted.Select(t => $"{t.TotalMilliseconds:f0}")) + " ms";
}

/// <summary>A silo that lets bulk leave so fast that it fills every place it may take, and that waits for a slow Meta.</summary>
public sealed class PacedSilo() : Deployment(1)
{
    /// <summary>Bulk messages.</summary>
    public const int PerSecond = 100;

    protected override IReadOnlyDictionary<string, string> SiloSettings { get; } =
        new Dictionary<string, string>
        {
            ["Dispatch__BulkPerSecond"] = Text(PerSecond),
            ["Graph__TimeoutSeconds"] = "25",
        };
}
