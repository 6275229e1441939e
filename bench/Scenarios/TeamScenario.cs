using System.Collections.Concurrent;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>
/// S15 without the broadcast (SPEC.md): a team of 50 at work over a million messages in 100,000 threads while customers write. From a message
/// to its hint at a console, and what lists, threads and searches take meanwhile. That freed capacity takes the oldest waiting ticket within
/// two seconds is looked at in AssignmentTests.
/// </summary>
internal static class TeamScenario
{
    private const int Agents = 50;

    // A customer's message every second for each agent is more than anybody can answer.
    private const double MessagesPerSecond = Agents;

    // What an agent does in turn, each act five seconds or so after the one before: lists are live, so nobody asks for them again and again.
    private static readonly Act[] Day =
    [
        Act.List,
        Act.Thread,
        Act.Thread,
        Act.List,
        Act.Thread,
        Act.Counts,
        Act.Search,
    ];

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static TimeSpan Measured => TimeSpan.FromSeconds(BenchSettings.Quick ? 10 : 60);

    private enum Act
    {
        List,
        Thread,
        Counts,
        Search,
    }

    public static async Task RunAsync(Report report)
    {
        report.Section("S15: a team of 50 at work");
        await using var database = await BenchDatabase.CreateAsync("bench_team");
        var threads = BenchSettings.Quick ? 30_000 : 100_000;
        var crowd = new Crowd(
            database.Channel,
            new CrowdPlan(threads, 10, threads, Conversation: true),
            DateTimeOffset.UtcNow
        );
        await new CrowdCopy(database.Source, crowd).WriteAsync();
        await using var product = await Product.StartAsync(database);
        await SearchIndex.SettleAsync(database.Source);
        await WebhookScenario.WarmUpAsync(product.Webhooks, threads);

        var hints = new HintClock(crowd, threads);
        var feeds = await Feed.OpenManyAsync(product.Api, Agents, hints.Hears);
        using var over = new CancellationTokenSource();
        var took = Enum.GetValues<Act>().ToDictionary(act => act, _ => new ConcurrentBag<long>());
        var agents = Enumerable
            .Range(0, Agents)
            .Select(n => Task.Run(() => WorkAsync(product.Api, crowd, n, hints, took, over.Token)))
            .ToArray();
        var next = Customers.InTurn(0, threads);
        var works = new MessageWork[OpenLoop.Lanes];
        var results = await OpenLoop.RunAsync(
            product.Webhooks.Port,
            [
                new Traffic(
                    "messages",
                    MessagesPerSecond,
                    n => works[n] = new MessageWork(product.Webhooks, 1, n, threads, next, sending: hints.Sends)
                ),
            ],
            TimeSpan.FromSeconds(5),
            Measured,
            () =>
            {
                hints.Measuring = true;
                return Task.CompletedTask;
            },
            () => Task.CompletedTask
        );
        await Task.Delay(TimeSpan.FromSeconds(2));
        hints.Measuring = false;
        await over.CancelAsync();
        await Task.WhenAll(agents);
        var resyncs = feeds.Sum(f => f.Resyncs);
        foreach (var feed in feeds)
            await feed.DisposeAsync();
        var (missing, twice) = await Stored.CountAsync(database, database.Channel.Account.Value, 1, works);

        var answered = results[0].Load;
        report.Line(
            $"{threads * 10:#,0} messages in {threads:#,0} threads; {MessagesPerSecond:0} messages a second come for {Measured.TotalSeconds:0} s, {Agents} consoles listen, and each of "
                + $"{Agents} agents asks about once in {Pause.TotalSeconds:0} seconds. One console is watched: it was told of {hints.Count:#,0} of {answered.Items:#,0} messages, {hints.Waiting:#,0} were still without a "
                + $"hint at the end; all {Agents} were told to fetch everything anew {resyncs:#,0} times. Refused {answered.Refused}, missing {missing}, twice {twice}."
        );
        report.Line("");
        var lists = Of(Act.List);
        var searches = Of(Act.Search);
        report.Add(
            new Table(
                ["what", "times", "p50 ms", "p95 ms", "p99 ms", "max ms"],
                [
                    Row("from sending a message to its hint", hints.Count, hints.Latencies),
                    Row("a view's first page", took[Act.List].Count, lists),
                    Row("a thread's newest page", took[Act.Thread].Count, Of(Act.Thread)),
                    Row("counts of the views", took[Act.Counts].Count, Of(Act.Counts)),
                    Row("a search", took[Act.Search].Count, searches),
                ]
            )
        );
        report.Target(
            "S15: message to console, p95",
            $"{hints.Latencies.P95:0} ms",
            "under 1 s",
            hints.Latencies.P95 < 1_000
        );
        report.Target("S15: lists, p95", $"{lists.P95:0} ms", "under 300 ms", lists.P95 < 300);
        report.Target("S15: search, p95", $"{searches.P95:0} ms", "under 1 s", searches.P95 < 1_000);
        report.Target(
            "S15: refused, missing, twice",
            $"{answered.Refused}, {missing}, {twice}",
            "0, 0, 0",
            answered.Refused + missing + twice == 0
        );

        Latencies Of(Act act) => new(took[act]);

        static string[] Row(string what, int times, Latencies l) =>
            [what, $"{times:#,0}", $"{l.P50:0.0}", $"{l.P95:0.0}", $"{l.P99:0.0}", $"{l.Max:0}"];
    }

    private static async Task WorkAsync(
        Uri api,
        Crowd crowd,
        int agent,
        HintClock hints,
        Dictionary<Act, ConcurrentBag<long>> took,
        CancellationToken over
    )
    {
        string[] views = ["open", "unassigned", "sent", "closed"];
        var random = new Random(agent);
        try
        {
            for (var n = agent; ; n++)
            {
                await Task.Delay(Pause * (0.5 + random.NextDouble()), over);
                var act = Day[n % Day.Length];
                var ticks = await Door.TimeAsync(
                    api,
                    act switch
                    {
                        Act.List => $"/api/v1/views/{views[random.Next(views.Length)]}/threads",
                        Act.Thread =>
                            $"/api/v1/threads/{crowd.ThreadOf(random.Next(crowd.Plan.Threads))}/messages?order=desc",
                        Act.Counts => "/api/v1/views/counts",
                        _ =>
                            $"/api/v1/search?q={Uri.EscapeDataString(ReadScenario.Searched[random.Next(ReadScenario.Searched.Length)])}",
                    }
                );
                if (hints.Measuring)
                    took[act].Add(ticks);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested) { }
    }
}
