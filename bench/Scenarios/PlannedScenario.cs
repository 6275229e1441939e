using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>
/// The load that Meta plans for a number which sends 1,000 messages a second: 3,000 statuses and 300 messages a second, coming
/// when they are due whatever becomes of those before, with consoles listening and the search index following.
/// </summary>
internal static class PlannedScenario
{
    private const int SentEach = 6;
    private const int Consoles = 10;

    public static async Task RunAsync(Report report)
    {
        report.Section("The load Meta plans: 3,000 statuses and 300 messages a second");
        await using var database = await BenchDatabase.CreateAsync("bench_planned");
        var crowd = new Crowd(
            database.Channel,
            new CrowdPlan(BenchSettings.ManyCustomers, 1 + SentEach, BenchSettings.ManyCustomers, Conversation: false),
            DateTimeOffset.UtcNow
        );
        await new CrowdCopy(database.Source, crowd).WriteAsync();
        await using var product = await Product.StartAsync(database);
        await WebhookScenario.WarmUpAsync(product.Webhooks, BenchSettings.ManyCustomers);
        await SearchIndex.SettleAsync(database.Source);
        var search = await Door.AnswersAsync(product.Api, "/api/v1/search?q=%E6%B3%A8%E6%96%87");
        var feeds = await Feed.OpenManyAsync(product.Api, Consoles);

        var messages = new MessageWork[OpenLoop.Lanes];
        var statuses = new StatusWork[OpenLoop.Lanes];
        Counters? before = null;
        Counters? after = null;
        await database.Source.RunAsync("checkpoint");
        await Statements.ResetAsync(database.Source);
        var results = await OpenLoop.RunAsync(
            product.Webhooks.Port,
            [
                new Traffic(
                    "statuses",
                    3_000,
                    n => statuses[n] = new StatusWork(product.Webhooks, crowd, n, OpenLoop.Lanes, crowd.SentCount)
                ),
                new Traffic(
                    "messages",
                    300,
                    n =>
                        messages[n] = new MessageWork(
                            product.Webhooks,
                            1,
                            n,
                            BenchSettings.ManyCustomers,
                            Customers.AtRandom(BenchSettings.ManyCustomers, n),
                            repeatEvery: 50
                        )
                ),
            ],
            TimeSpan.FromSeconds(BenchSettings.Quick ? 2 : 5),
            TimeSpan.FromSeconds(BenchSettings.Quick ? 5 : 30),
            async () => before = await Counters.ReadAsync(product.Subject),
            async () => after = await Counters.ReadAsync(product.Subject)
        );
        var top = await Statements.TopAsync(database.Source);
        var index = await SearchIndex.SettleAsync(database.Source);
        var (hints, resyncs) = (feeds.Sum(f => f.Hints), feeds.Sum(f => f.Resyncs));
        foreach (var feed in feeds)
            await feed.DisposeAsync();

        var (lostMessages, twice) = await Stored.CountAsync(database, database.Channel.Account.Value, 1, messages);
        var (lostStatuses, _) = await StatusScenario.CountAsync(
            database,
            crowd,
            statuses.SelectMany(s => s.Acknowledged)
        );
        var usage = Counters.Between(before!, after!);
        var rate = results.Sum(r => r.Load.Rate);
        report.Line(
            $"Open loop over {BenchSettings.ManyCustomers:#,0} customers and {OpenLoop.Lanes} connections; latencies count from when each webhook was due (the generator's clock looks every "
                + $"millisecond); every fiftieth message is the one before once more. {Consoles} consoles listen: {hints:#,0} hints and {resyncs:#,0} requests to refetch reached them. Search index consumer: {(search ? $"on, caught up {index?.After.TotalSeconds ?? 0:0.0} s after the end" : "not built yet")}."
        );
        report.Line("");
        report.Add(
            new Table(
                [
                    "what",
                    "due/s",
                    "acknowledged/s",
                    "p50 ms",
                    "p95 ms",
                    "p99 ms",
                    "max ms",
                    "refused",
                    "missing",
                    "twice",
                ],
                [
                    .. results.Select(r =>
                        (string[])
                            [
                                r.Name,
                                r.Name == "statuses" ? "3,000" : "300",
                                $"{r.Load.Rate:#,0}",
                                $"{r.Load.Latencies.P50:0.00}",
                                $"{r.Load.Latencies.P95:0.00}",
                                $"{r.Load.Latencies.P99:0.00}",
                                $"{r.Load.Latencies.Max:0}",
                                $"{r.Load.Refused}",
                                r.Name == "statuses" ? $"{lostStatuses}" : $"{lostMessages}",
                                r.Name == "statuses" ? "-" : $"{twice}",
                            ]
                    ),
                ]
            )
        );
        report.Line(
            $"CPU us an item: {Point.Parts(usage.Cores.ToDictionary(c => c.Key, c => c.Value / rate * 1e6))}. Bytes allocated an item: "
                + $"{Point.Parts(usage.Allocated.ToDictionary(c => c.Key, c => c.Value / rate), "#,0")}. {usage.Commits:#,0} commits/s, "
                + $"{usage.WalBytes / rate:#,0} WAL bytes an item, machine busy {usage.MachineBusy:0%}."
        );
        report.Add(top, "Statements that took the most time (warm-up included):");
        foreach (var result in results)
        {
            report.Target(
                $"planned load, {result.Name}: p50",
                $"{result.Load.Latencies.P50:0.0} ms",
                "under 10 ms",
                result.Load.Latencies.P50 < 10
            );
            report.Target(
                $"planned load, {result.Name}: p99",
                $"{result.Load.Latencies.P99:0} ms",
                "under 100 ms",
                result.Load.Latencies.P99 < 100
            );
        }
        foreach (var result in results)
        {
            var due = result.Name == "statuses" ? 3_000 : 300;
            report.Target(
                $"planned load, {result.Name}: refused; acknowledged a second beside due",
                $"{result.Load.Refused}; {result.Load.Rate:#,0} of {due:#,0}",
                "0; all but 1%",
                result.Load.Refused == 0 && result.Load.Rate >= due * 0.99
            );
        }
        report.Target(
            "planned load: acknowledged and missing or there twice",
            $"{lostMessages + lostStatuses + twice}",
            "0",
            lostMessages + lostStatuses + twice == 0
        );
    }
}
