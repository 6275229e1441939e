using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>From sending a webhook to its hint at a listening console, under half of the load that the product can take.</summary>
internal static class ConsoleScenario
{
    private const int Consoles = 10;

    public static async Task RunAsync(Report report)
    {
        report.Section("Webhook to console");
        await using var database = await BenchDatabase.CreateAsync("bench_console");
        var crowd = new Crowd(
            database.Channel,
            new CrowdPlan(BenchSettings.ManyCustomers, 1, BenchSettings.ManyCustomers, Conversation: false),
            DateTimeOffset.UtcNow
        );
        await new CrowdCopy(database.Source, crowd).WriteAsync();
        await using var product = await Product.StartAsync(database);
        await WebhookScenario.WarmUpAsync(product.Webhooks, BenchSettings.ManyCustomers);
        var rate = await HalfLoad.OfAsync(product, 9_000, BenchSettings.ManyCustomers);

        var hints = new HintClock(crowd, BenchSettings.ManyCustomers);
        var feeds = await Feed.OpenManyAsync(product.Api, Consoles, hints.Hears);
        var next = Customers.InTurn(0, BenchSettings.ManyCustomers);
        var works = new MessageWork[OpenLoop.Lanes];
        var results = await OpenLoop.RunAsync(
            product.Webhooks.Port,
            [
                new Traffic(
                    "messages",
                    rate,
                    n =>
                        works[n] = new MessageWork(
                            product.Webhooks,
                            1,
                            n,
                            BenchSettings.ManyCustomers,
                            next,
                            sending: hints.Sends
                        )
                ),
            ],
            TimeSpan.FromSeconds(BenchSettings.Quick ? 2 : 4),
            TimeSpan.FromSeconds(BenchSettings.Quick ? 4 : 20),
            () =>
            {
                hints.Measuring = true;
                return Task.CompletedTask;
            },
            () => Task.CompletedTask
        );
        await Task.Delay(TimeSpan.FromSeconds(2));
        hints.Measuring = false;
        var resyncs = feeds.Sum(f => f.Resyncs);
        var ownResyncs = feeds[0].Resyncs;
        foreach (var feed in feeds)
            await feed.DisposeAsync();
        var (missing, twice) = await Stored.CountAsync(database, database.Channel.Account.Value, 1, works);

        var toConsole = hints.Latencies;
        var toAnswer = results[0].Load;
        report.Line(
            $"{rate:#,0} messages a second (half of the top load at 128 connections, measured just before), {Consoles} consoles listening; one of them is watched. "
                + $"It was told of {hints.Count:#,0} of {toAnswer.Items:#,0} messages one by one and {ownResyncs:#,0} times to fetch everything anew (all ten: {resyncs:#,0} times), "
                + $"which counts as no hint; {hints.Waiting:#,0} messages were still without one 2 s after the end. Refused {toAnswer.Refused}, missing {missing}, twice {twice}."
        );
        report.Line("");
        report.Add(
            new Table(
                ["what", "p50 ms", "p95 ms", "p99 ms", "max ms"],
                [
                    Row("from sending to the hint's arrival", toConsole),
                    Row("from when it was due to its 200", toAnswer.Latencies),
                ]
            )
        );
        report.Target(
            "webhook to console at half load: p50",
            $"{toConsole.P50:0.0} ms",
            "under 50 ms",
            toConsole.P50 < 50
        );
        report.Target(
            "webhook to console at half load: p99",
            $"{toConsole.P99:0} ms",
            "under 250 ms",
            toConsole.P99 < 250
        );

        report.Target(
            "webhook to console at half load: refused, missing, twice; taken beside due",
            $"{toAnswer.Refused}, {missing}, {twice}; {toAnswer.Rate:#,0} of {rate:#,0}",
            "0, 0, 0; all but 1%",
            toAnswer.Refused + missing + twice == 0 && toAnswer.Rate >= rate * 0.99
        );

        static string[] Row(string what, Latencies l) =>
            [what, $"{l.P50:0.00}", $"{l.P95:0.00}", $"{l.P99:0.00}", $"{l.Max:0}"];
    }
}

/// <summary>Half of what the product takes at 128 connections, found by a short closed loop.</summary>
internal static class HalfLoad
{
    /// <param name="run">Number of the point.</param>
    /// <returns>Messages a second.</returns>
    public static async Task<double> OfAsync(Product product, int run, int customers)
    {
        var load = await ClosedLoop.RunAsync(
            product.Webhooks.Port,
            MessageWork.AtRandom(product.Webhooks, run, 128, customers),
            TimeSpan.FromSeconds(2),
            TimeSpan.FromSeconds(BenchSettings.Quick ? 2 : 5),
            () => Task.CompletedTask,
            () => Task.CompletedTask
        );
        return Math.Round(load.Rate / 2);
    }
}
