using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;
using Threadkeep.Bench.Yardsticks;

namespace Threadkeep.Bench.Scenarios;

/// <summary>
/// One message a webhook at 1, 32, 128 and 512 connections: the yardsticks and the product turn by turn at each point, so that
/// whatever else the machine does meets all of them alike. Over 1,000 customers and over 50,000.
/// </summary>
internal static class WebhookScenario
{
    private const string Indexing = ", indexing";

    private static readonly int[] Connections = Only("BENCH_CONNECTIONS") ?? [1, 32, 128, 512];

    private sealed record Target(string Name, Uri Url, Subject Subject, Guid? Account);

    /// <param name="yardsticks">Measure signature, ceiling, naive and pgbench.</param>
    /// <param name="product">Measure the product.</param>
    public static async Task RunAsync(Report report, bool yardsticks, bool product)
    {
        report.Section("Webhooks of one message");
        report.Line("- **signature**: checks the signature, stores nothing (one process)");
        report.Line(
            "- **hops**: signature and parsing, then Orleans' calls as the product makes them (client, gateway, router, thread, with its records) to grains that do "
                + "nothing (two processes, no database)"
        );
        report.Line(
            "- **ceiling**: checks the signature and parses as the product does, then the same rows and indexes by a group commit of two loops without Orleans: "
                + "`threads` updated (HOT where the product's is), `thread_activity` updated, `messages` and `outbox` inserted, one autocommit statement a batch. It is spared "
                + "everything that does not write: whose message it is (a dictionary), the duplicate and version checks (the unique index alone "
                + "stands guard), the decision, the hint to the live feed, and every hop between processes"
        );
        report.Line(
            "- **naive**: the same rows, one transaction of four statements a message, a pool of 100 connections, no Orleans"
        );
        report.Line("- **product**: Api, one silo, PostgreSQL");
        report.Line(
            "- **..., indexing**: the search index's consumer follows meanwhile, in the product's silo, whoever wrote. In the other rows it rests for all: "
                + "it would work off in one's turn what another left"
        );
        report.Line("");
        var points = new List<Point>();
        try
        {
            foreach (var customers in Only("BENCH_CUSTOMERS") ?? [1_000, BenchSettings.ManyCustomers])
                await MeasureAsync(customers, yardsticks, product, report, points);
        }
        finally
        {
            report.Add(Point.ToTable(points)); // those before a failure too
        }
        if (yardsticks)
            report.Add(
                await PgBench.MeasureAsync(Connections),
                "pgbench: one durable single-row insert a transaction, for orientation"
            );
        foreach (var point in points.Where(p => p is { Endpoint: "product", Connections: 1 or 128, Top: not null }))
            report.Add(
                point.Top!,
                $"Statements that took the most time, product at {point.Connections} connections over {point.Customers} customers (warm-up included):"
            );
        AddTargets(report, points);
    }

    private static async Task MeasureAsync(
        int customers,
        bool yardsticks,
        bool product,
        Report report,
        List<Point> points
    )
    {
        await using var database = await BenchDatabase.CreateAsync($"bench_webhooks_{customers}");
        var crowd = new Crowd(
            database.Channel,
            new CrowdPlan(customers, 1, customers, Conversation: false),
            DateTimeOffset.UtcNow
        );
        await new CrowdCopy(database.Source, crowd).WriteAsync();
        await using var running = new Disposables();
        var targets = new List<Target>();
        if (yardsticks)
        {
            await SameThreads.CopyAsync(database, BenchSettings.GroupAccount);
            await SameThreads.CopyAsync(database, BenchSettings.NaiveAccount);
            await AddAsync("signature", "signature", null);
            await AddAsync("hops", "hops", null);
            await AddAsync("group", "ceiling", BenchSettings.GroupAccount);
            await AddAsync("naive", "naive", BenchSettings.NaiveAccount);
        }
        var run = 0;
        if (product)
        {
            var started = running.Add(await Product.StartAsync(database));
            targets.Add(new Target("product", started.Webhooks, started.Subject, database.Channel.Account.Value));
            await WarmUpAsync(started.Webhooks, customers);
        }
        if (product)
            await SearchIndex.SetAsideAsync(database.Source);
        foreach (var connections in Connections)
        {
            foreach (var target in targets)
            {
                // The yardsticks need the larger crowd at one point only: they keep nothing of a customer.
                if (customers > 1_000 && target.Name is "signature" or "hops" or "naive" && connections != 128)
                    continue;
                await PointAsync(target, connections, target.Name);
            }
        }
        if (product && Connections.Contains(128))
        {
            await SearchIndex.PutBackAsync(database.Source);
            foreach (var target in targets.Where(t => t.Name is "ceiling" or "product"))
            {
                await PointAsync(target, 128, target.Name + Indexing);
                await SearchIndex.SettleAsync(database.Source);
            }
        }
        if (yardsticks && product)
            report.Add(
                await SameThreads.CompareAsync(database),
                $"What one message left behind, {customers:#,0} customers (rows of this run, averages):"
            );

        async Task PointAsync(Target target, int connections, string name)
        {
            var number = ++run;
            var lanes = MessageWork.AtRandom(target.Url, number, connections, customers);
            points.Add(
                await Point.MeasureAsync(
                    name,
                    $"{customers:#,0}",
                    target.Subject,
                    target.Url.Port,
                    lanes,
                    target.Account is { } account ? () => Stored.CountAsync(database, account, number, lanes) : null
                )
            );
        }

        async Task AddAsync(string kind, string name, Guid? account)
        {
            var yardstick = running.Add(await RunningYardstick.StartAsync(database, kind));
            targets.Add(new Target(name, yardstick.Url, yardstick.Subject, account));
        }
    }

    /// <summary>One message of each customer, so that every thread is awake.</summary>
    public static Task<TimeSpan> WarmUpAsync(Uri webhooks, int customers)
    {
        var batch = customers > 2_000 ? 100 : 1;
        return ClosedLoop.DrainAsync(
            webhooks.Port,
            [new MessageWork(webhooks, 0, 0, customers, Customers.Once(0, customers, batch), batch)]
        );
    }

    private static int[]? Only(string setting) =>
        Environment.GetEnvironmentVariable(setting) is { Length: > 0 } list
            ? [.. list.Split(',').Select(n => int.Parse(n, null))]
            : null;

    private static void AddTargets(Report report, List<Point> points)
    {
        foreach (var customers in points.Select(p => p.Customers).Distinct())
        {
            var product = Find("product", 128);
            if (product is null)
                continue;
            if (Find("ceiling", 128) is { } ceiling)
                report.Target(
                    $"product beside the ceiling, 128 connections, {customers} customers",
                    $"{product.Load.Rate / ceiling.Load.Rate:0%} ({product.Load.Rate:#,0} of {ceiling.Load.Rate:#,0}/s)",
                    "at least 70%",
                    product.Load.Rate / ceiling.Load.Rate >= 0.7
                );
            if ((Find("ceiling" + Indexing, 128), Find("product" + Indexing, 128)) is ({ } below, { } indexed))
                report.Target(
                    $"the same while the search index follows, {customers} customers",
                    $"{indexed.Load.Rate / below.Load.Rate:0%} ({indexed.Load.Rate:#,0} of {below.Load.Rate:#,0}/s)",
                    "at least 70%",
                    indexed.Load.Rate / below.Load.Rate >= 0.7
                );
            if (Find("naive", 128) is { } naive)
                report.Target(
                    $"product beside naive, 128 connections, {customers} customers",
                    $"{product.Load.Rate / naive.Load.Rate:0.0}x",
                    "at least 3x",
                    product.Load.Rate / naive.Load.Rate >= 3
                );
            report.Target(
                $"p99 at 128 connections, {customers} customers",
                $"{product.Load.Latencies.P99:0} ms",
                "under 50 ms",
                product.Load.Latencies.P99 < 50
            );
            if (Find("product", 1) is { } alone)
                report.Target(
                    $"p50 at 1 connection, {customers} customers",
                    $"{alone.Load.Latencies.P50:0.00} ms",
                    "under 1.5 ms",
                    alone.Load.Latencies.P50 < 1.5
                );

            Point? Find(string endpoint, int connections) =>
                points.Find(p => p.Endpoint == endpoint && p.Connections == connections && p.Customers == customers);
        }
        foreach (var hops in points.Where(p => p is { Endpoint: "hops", Connections: 128 }))
            if (
                points.Find(p => p.Endpoint == "ceiling" && p.Connections == 128 && p.Customers == hops.Customers) is
                { } ceiling
            )
                report.Line(
                    $"Signature, parsing and empty calls cost {hops.Cpu.Values.Sum():0} us of CPU a message, everything counted; the ceiling {ceiling.Cpu.Values.Sum():0}. A product that "
                        + "decided for nothing and stored as the ceiling does would need "
                        + $"{hops.Cpu.Values.Sum() + ceiling.Cpu["postgres"]:0} us and do {ceiling.Cpu.Values.Sum() / (hops.Cpu.Values.Sum() + ceiling.Cpu["postgres"]):0%} of it where CPU is the limit."
                );
        var lost = points.Sum(p => (p.Missing ?? 0) + (p.Twice ?? 0));
        if (points.Count > 0)
            report.Target("acknowledged messages missing or there twice", $"{lost}", "0", lost == 0);
    }
}

/// <summary>Ends what a scenario started, last first.</summary>
internal sealed class Disposables : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> started = new();

    public T Add<T>(T what)
        where T : IAsyncDisposable
    {
        started.Push(what);
        return what;
    }

    public async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var what))
            await what.DisposeAsync();
    }
}
