using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>
/// What a message, a thread and a waking thread cost with next to nothing stored, and with a million messages in 100,000
/// threads; then what the REST door answers at that size.
/// </summary>
internal static class GrowthScenario
{
    private const int Awake = 1_000;
    private const int Cold = 10_000;

    /// <param name="Microseconds">CPU a message at 128 connections, by process.</param>
    private sealed record Size(
        string Name,
        IReadOnlyDictionary<string, double> Microseconds,
        IReadOnlyDictionary<string, double> Allocated,
        double WakeSeconds,
        double AgainSeconds,
        double HeapPerThread,
        double ResidentPerThread,
        Point Point
    );

    public static async Task RunAsync(Report report)
    {
        report.Section("Cost as work grows");
        var many = BenchSettings.Quick ? 30_000 : 100_000;
        var reads = report.Part();
        var small = await MeasureAsync(
            "small",
            new CrowdPlan(Awake + Cold, 1, Awake + Cold, Conversation: false),
            null
        );
        var large = await MeasureAsync(
            "full",
            new CrowdPlan(many, 10, Awake + Cold, Conversation: true),
            (database, product, crowd) => ReadScenario.RunAsync(reads, database, product, crowd)
        );
        report.Line(
            $"**small** holds {Awake + Cold:#,0} threads of one message; **full** {many * 10:#,0} messages in {many:#,0} threads, written with COPY. In both {Awake:#,0} customers "
                + $"write at 128 connections; then {Cold:#,0} threads that nobody has woken get one message each over 32 connections, and once more when they are awake. "
                + "Bytes a thread: what the silo's heap (after a full collection) and its resident memory grew by, its place in the router's cache included."
        );
        report.Line("");
        report.Add(Point.ToTable([small.Point, large.Point]));
        report.Add(CompareAsTable(small, large));
        var worst = Ratios(small, large).Max(r => r.Ratio);
        report.Target(
            "cost a message, a thread and a waking thread: full beside small",
            $"at most {worst - 1:+0%;-0%}",
            "within 15%",
            worst <= 1.15
        );
        report.Add(reads);
    }

    private static async Task<Size> MeasureAsync(
        string name,
        CrowdPlan plan,
        Func<BenchDatabase, Product, Crowd, Task>? then
    )
    {
        await using var database = await BenchDatabase.CreateAsync($"bench_growth_{name}");
        var crowd = new Crowd(database.Channel, plan, DateTimeOffset.UtcNow);
        var took = await new CrowdCopy(database.Source, crowd).WriteAsync();
        Console.WriteLine($"{name}: {plan.Threads:#,0} threads written in {took.TotalSeconds:0.0} s");
        Size size;
        await using (var product = await Product.StartAsync(database))
        {
            if (await SearchIndex.SettleAsync(database.Source) is var (indexed, caughtUp))
                Console.WriteLine(
                    $"{name}: search index caught up after {caughtUp.TotalSeconds:0.0} s, {indexed:#,0} rows"
                );
            await WebhookScenario.WarmUpAsync(product.Webhooks, Awake);
            var lanes = MessageWork.AtRandom(product.Webhooks, 1, 128, Awake);
            var point = await Point.MeasureAsync(
                $"product, {name}",
                $"{Awake:#,0}",
                product.Subject,
                product.Webhooks.Port,
                lanes,
                () => Stored.CountAsync(database, database.Channel.Account.Value, 1, lanes)
            );
            var before = await ManagedHeap.WeighAsync(product.SiloPid, product.Silo);
            var wake = await OnceEachAsync(product, 2);
            var after = await ManagedHeap.WeighAsync(product.SiloPid, product.Silo);
            var again = await OnceEachAsync(product, 3);
            size = new Size(
                name,
                point.Cpu,
                point.Allocated,
                wake.TotalSeconds,
                again.TotalSeconds,
                (after.Heap - before.Heap) / Cold,
                (after.Resident - before.Resident) / Cold,
                point
            );
            Console.WriteLine(
                $"{name}: {Cold:#,0} cold threads in {wake.TotalSeconds:0.0} s, awake {again.TotalSeconds:0.0} s, {size.HeapPerThread:#,0} bytes each"
            );
        }
        if (then is not null)
        {
            await using var fresh = await Product.StartAsync(database);
            await then(database, fresh, crowd);
        }
        return size;
    }

    private static Task<TimeSpan> OnceEachAsync(Product product, int run)
    {
        var next = Customers.Once(Awake, Cold);
        return ClosedLoop.DrainAsync(
            product.Webhooks.Port,
            [.. Enumerable.Range(0, 32).Select(n => new MessageWork(product.Webhooks, run, n, Awake + Cold, next))]
        );
    }

    private static IEnumerable<(string What, double Small, double Large, double Ratio)> Ratios(Size small, Size large)
    {
        foreach (var (name, value) in small.Microseconds.Where(m => m.Key != "load"))
            yield return Of($"CPU us a message, {name}", value, large.Microseconds[name]);
        yield return Of(
            "CPU us a message, together",
            small.Microseconds.Where(m => m.Key != "load").Sum(m => m.Value),
            large.Microseconds.Where(m => m.Key != "load").Sum(m => m.Value)
        );
        foreach (var (name, value) in small.Allocated)
            yield return Of($"bytes allocated a message, {name}", value, large.Allocated[name]);
        yield return Of("bytes of heap an awake thread", small.HeapPerThread, large.HeapPerThread);
        yield return Of("seconds to wake 10,000 cold threads with a message", small.WakeSeconds, large.WakeSeconds);

        static (string, double, double, double) Of(string what, double small, double large) =>
            (what, small, large, large / small);
    }

    private static Table CompareAsTable(Size small, Size large) =>
        new(
            ["what", "small", "full", "full / small"],
            [
                .. Ratios(small, large)
                    .Select(r => (string[])[r.What, Figure(r.Small), Figure(r.Large), $"{r.Ratio:0.00}"]),
                [
                    "seconds for the same when they are awake",
                    Figure(small.AgainSeconds),
                    Figure(large.AgainSeconds),
                    "",
                ],
                [
                    "bytes of resident memory an awake thread",
                    Figure(small.ResidentPerThread),
                    Figure(large.ResidentPerThread),
                    "",
                ],
            ]
        );

    private static string Figure(double value) => value < 100 ? $"{value:0.0}" : $"{value:#,0}";
}
