using System.Diagnostics;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>Twice what it can take, for a minute: what is taken, what is refused and how soon, and what is left of it afterwards.</summary>
internal static class OverloadScenario
{
    private const int Customers = 1_000;
    private const int Calm = 128;
    private const int Connections = 3_000;

    public static async Task RunAsync(Report report)
    {
        var minute = TimeSpan.FromSeconds(BenchSettings.Quick ? 10 : 60);
        report.Section("Twice what it can take");
        await using var database = await BenchDatabase.CreateAsync("bench_overload");
        await using var product = await Product.StartAsync(database);
        await WebhookScenario.WarmUpAsync(product.Webhooks, Customers);
        var before = await CalmAsync(product, 1);

        var lanes = new MessageWork[Connections];
        using var enough = new CancellationTokenSource();
        var watching = WatchAsync(product, enough.Token);
        var over = (
            await OpenLoop.RunAsync(
                product.Webhooks.Port,
                [
                    new Traffic(
                        "messages",
                        before.Rate * 2,
                        n =>
                            lanes[n] = new MessageWork(
                                product.Webhooks,
                                2,
                                n,
                                Customers,
                                Load.Customers.AtRandom(Customers, n)
                            )
                    ),
                ],
                TimeSpan.FromSeconds(1),
                minute,
                () => Task.CompletedTask,
                () => Task.CompletedTask,
                Connections
            )
        ).Single();
        var ended = Stopwatch.StartNew();
        using (var connection = await KeepAlive.ConnectAsync(product.Webhooks.Port))
        {
            var first = new MessageWork(product.Webhooks, 3, 0, Customers, Load.Customers.AtRandom(Customers, 1));
            while (!await connection.PostAsync(first.Next()!.Value)) { }
        }
        var recovered = ended.Elapsed;
        await enough.CancelAsync();
        var watched = await watching;
        var after = await CalmAsync(product, 4);
        var (missing, twice) = await Stored.CountAsync(database, database.Channel.Account.Value, 2, lanes);

        report.Line(
            $"{Calm} connections take {before.Rate:#,0} messages a second. Then {before.Rate * 2:#,0} a second fall due for {minute.TotalSeconds:0} s, over {Connections:#,0} connections."
        );
        report.Line("");
        report.Add(
            new Table(
                ["what", "a second", "p50 ms", "p99 ms", "max ms"],
                [
                    Row("before", before.Rate, before.Latencies),
                    Row("taken", over.Load.Rate, over.Load.Latencies),
                    Row("refused with 503", over.Refusals.Count / minute.TotalSeconds, over.Refusals),
                    Row("afterwards", after.Rate, after.Latencies),
                ]
            )
        );
        report.Line(
            $"Health said that it lives {watched.Checks} times of {watched.Asked}, at the latest after {watched.Slowest.TotalMilliseconds:0} ms. Memory at most: Api {watched.Api / 1_048_576} MiB, silo {watched.Silo / 1_048_576} MiB. "
                + $"The first webhook after the load was answered 200 after {recovered.TotalMilliseconds:0} ms. Acknowledged and missing: {missing}; there twice: {twice}."
        );
        report.Target(
            "overload: the longest wait for a 503",
            $"p99 {over.Refusals.P99:0} ms",
            "no time-out (8 s)",
            over.Refusals.Max < 8_000
        );
        report.Target(
            "overload: what is taken",
            $"{over.Load.Rate / before.Rate:0%} of before",
            "it does not die",
            over.Load.Rate > before.Rate / 2
        );
    }

    private static Task<LoadResult> CalmAsync(Product product, int run) =>
        ClosedLoop.RunAsync(
            product.Webhooks.Port,
            MessageWork.AtRandom(product.Webhooks, run, Calm, Customers),
            BenchSettings.WarmUp,
            BenchSettings.PointTime,
            () => Task.CompletedTask,
            () => Task.CompletedTask
        );

    private static string[] Row(string what, double rate, Latencies latencies) =>
        [what, $"{rate:#,0}", $"{latencies.P50:0.0}", $"{latencies.P99:0.0}", $"{latencies.Max:0}"];

    private static async Task<Watched> WatchAsync(Product product, CancellationToken enough)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        var seen = new Watched(0, 0, TimeSpan.Zero, 0, 0);
        while (!enough.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await http.GetAsync("/health/live", CancellationToken.None);
            seen = new Watched(
                seen.Asked + 1,
                seen.Checks + (answer.IsSuccessStatusCode ? 1 : 0),
                clock.Elapsed > seen.Slowest ? clock.Elapsed : seen.Slowest,
                Math.Max(seen.Api, ProcessTimes.ResidentBytes(product.ApiPid)),
                Math.Max(seen.Silo, ProcessTimes.ResidentBytes(product.SiloPid))
            );
            await Task.Delay(100, CancellationToken.None);
        }
        return seen;
    }

    private sealed record Watched(int Asked, int Checks, TimeSpan Slowest, long Api, long Silo);
}
