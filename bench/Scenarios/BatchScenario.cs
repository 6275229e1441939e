using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>Ten and a hundred messages a webhook, each of another customer, as Meta sends them when it has fallen behind.</summary>
internal static class BatchScenario
{
    public static async Task RunAsync(Report report)
    {
        report.Section("Batches");
        report.Line(
            $"Many messages a webhook, each of another of {BenchSettings.ManyCustomers:#,0} customers. Every fiftieth webhook is the one before once more. Latencies are of whole webhooks."
        );
        report.Line("");
        await using var database = await BenchDatabase.CreateAsync("bench_batches");
        var crowd = new Crowd(
            database.Channel,
            new CrowdPlan(BenchSettings.ManyCustomers, 1, BenchSettings.ManyCustomers, Conversation: false),
            DateTimeOffset.UtcNow
        );
        await new CrowdCopy(database.Source, crowd).WriteAsync();
        await using var product = await Product.StartAsync(database);
        await WebhookScenario.WarmUpAsync(product.Webhooks, BenchSettings.ManyCustomers);
        var points = new List<Point>();
        var run = 0;
        foreach (var (batch, connections) in new[] { (10, 1), (10, 32), (10, 128), (100, 1), (100, 8), (100, 32) })
        {
            var number = ++run;
            var lanes = MessageWork.AtRandom(
                product.Webhooks,
                number,
                connections,
                BenchSettings.ManyCustomers,
                batch,
                repeatEvery: 50
            );
            points.Add(
                await Point.MeasureAsync(
                    $"product, {batch} each",
                    $"{BenchSettings.ManyCustomers:#,0}",
                    product.Subject,
                    product.Webhooks.Port,
                    lanes,
                    () => Stored.CountAsync(database, database.Channel.Account.Value, number, lanes)
                )
            );
        }
        report.Add(Point.ToTable(points));
        var lost = points.Sum(p => (p.Missing ?? 0) + (p.Twice ?? 0));
        report.Target("batches: acknowledged messages missing or there twice", $"{lost}", "0", lost == 0);
    }
}
