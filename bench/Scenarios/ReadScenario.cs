using System.Text;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;
using Threadkeep.Views;

namespace Threadkeep.Bench.Scenarios;

/// <summary>What the REST door answers at a size: lists, a thread's pages, quota, search; and the plans behind it all.</summary>
internal static class ReadScenario
{
    // Two characters are the shortest words people search for in Japanese.
    public static readonly string[] Searched =
    [
        "注文",
        "返品",
        "配送",
        "領収書",
        "コーヒーメーカー",
        "invoice",
        "delivery address",
        "TK-4567",
        "Lisbon",
    ];

    public static async Task RunAsync(Report report, BenchDatabase database, Product product, Crowd crowd)
    {
        var times = BenchSettings.Quick ? 40 : 200;
        var doors = await DoorsAsync(product, crowd);
        var rows = new List<string[]>();
        foreach (var (what, paths, limit) in doors)
        {
            if (!await Door.AnswersAsync(product.Api, paths[0]))
            {
                rows.Add([what, "-", "-", "-", "this door is not built yet"]);
                continue;
            }
            var latencies = await Door.MeasureAsync(product.Api, paths, times);
            rows.Add([
                what,
                $"{latencies.P50:0.0}",
                $"{latencies.P95:0.0}",
                $"{latencies.Max:0}",
                paths.Count > 1 ? $"{paths.Count} in turn" : "",
            ]);
            report.Target($"{what}: p95", $"{latencies.P95:0.0} ms", $"under {limit} ms", latencies.P95 < limit);
        }
        report.Add(
            new Table(["what", "p50 ms", "p95 ms", "max ms", "note"], rows),
            $"The REST door, full ({crowd.Plan.Threads * crowd.Plan.Visible:#,0} messages, {crowd.Plan.Threads:#,0} threads), one request at a time, {times} each, nothing else under way:"
        );
        await PlansAsync(report, database, doors.SelectMany(d => d.Paths));
    }

    private static async Task<(string What, IReadOnlyList<string> Paths, int Limit)[]> DoorsAsync(
        Product product,
        Crowd crowd
    )
    {
        string[] threads =
        [
            .. Enumerable.Range(0, 20).Select(n => crowd.ThreadOf(crowd.Plan.Threads / 20 * n).ToString()),
        ];
        var cursor = await DeepAsync(product, crowd.Plan.Threads / 2);
        var older = new List<string>();
        foreach (var thread in threads)
        {
            var newest = await Door.GetAsync(product.Api, $"/api/v1/threads/{thread}/messages?order=desc&limit=5");
            older.Add(
                $"/api/v1/threads/{thread}/messages?order=desc&limit=5&before={newest.GetProperty("nextCursor").GetString()}"
            );
        }
        return
        [
            ("threads, first page", ["/api/v1/threads"], 50),
            ($"threads, the page after {crowd.Plan.Threads / 2:#,0}", [$"/api/v1/threads?cursor={cursor}"], 50),
            ("threads, unread only", ["/api/v1/threads?filter=unread"], 50),
            ("threads, open only", ["/api/v1/threads?filter=open"], 50),
            ("threads, q= a name of many", [$"/api/v1/threads?q={Uri.EscapeDataString("佐藤")}"], 50),
            ("threads, q= nobody's name", [$"/api/v1/threads?q={Uri.EscapeDataString("該当なし")}"], 50),
            ("threads, q= one number", [$"/api/v1/threads?q={BenchSettings.WaIdOf(crowd.Plan.Threads / 3)}"], 50),
            .. DefaultViews
                .All.Where(v => v.View != DefaultView.Mine)
                .Select(v => ($"view {v.Key}", (IReadOnlyList<string>)[$"/api/v1/views/{v.Key}/threads"], 50)),
            ("views, counts", ["/api/v1/views/counts"], 300),
            ("threads, counts", ["/api/v1/threads/counts"], 50),
            ("a thread's newest page", [.. threads.Select(t => $"/api/v1/threads/{t}/messages?order=desc")], 50),
            ("a thread's older page", older, 50),
            ("quota", ["/api/v1/quota"], 50),
            ("search", [.. Searched.Select(w => $"/api/v1/search?q={Uri.EscapeDataString(w)}")], 300),
        ];
    }

    private static async Task<string> DeepAsync(Product product, int depth)
    {
        var cursor = "";
        for (var n = 0; n < depth; n += 200)
        {
            var page = await Door.GetAsync(
                product.Api,
                $"/api/v1/threads?limit=200{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}"
            );
            cursor = page.GetProperty("nextCursor").GetString()!;
        }
        return cursor;
    }

    // Once more with every plan logged: the connections must be new ones, so the product starts again.
    private static async Task PlansAsync(Report report, BenchDatabase database, IEnumerable<string> paths)
    {
        await Plans.BeginAsync(database);
        var from = Plans.LogLength;
        await using (var product = await Product.StartAsync(database))
        {
            // Often enough for prepared statements to settle on their plans.
            foreach (var path in paths.Distinct())
            {
                if (await Door.AnswersAsync(product.Api, path))
                    await Door.MeasureAsync(product.Api, [path], 5);
            }
            await ClosedLoop.DrainAsync(
                product.Webhooks.Port,
                [
                    .. Enumerable
                        .Range(0, 8)
                        .Select(n => new MessageWork(product.Webhooks, 8_000, n, 1_000, Customers.Once(n * 20, 20))),
                ]
            );
            await product.StopAsync();
        }
        var plans = await Plans.ReadAsync(from);
        var text = new StringBuilder();
        text.AppendLine($"# Plans of the product's statements, commit {BenchSettings.Need("BENCH_COMMIT")}");
        text.AppendLine();
        text.AppendLine(
            "As PostgreSQL ran them (auto_explain with analyze and buffers) on the full database of the scenario growth; of each statement the last run of every shape its plan took."
        );
        foreach (var (query, milliseconds, plan) in plans)
        {
            text.AppendLine()
                .AppendLine($"## {milliseconds:0.00} ms")
                .AppendLine()
                .AppendLine("```sql")
                .AppendLine(query)
                .AppendLine("```");
            text.AppendLine("```").Append(plan).AppendLine("```");
        }
        await report.BesideAsync("plans", text.ToString());
        report.Line(
            $"{plans.Count} plans of statements, with times and buffers, are in the file beside this one whose name ends with `-plans.md`."
        );
    }
}
