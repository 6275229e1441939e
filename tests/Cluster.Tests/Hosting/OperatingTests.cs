using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Hosting;

/// <summary>A deployment that tells a collector of spans, metrics and logs, by the standard variables alone.</summary>
public sealed class Observed() : Deployment(1)
{
    public Collector Collector { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> More =>
        [
            new("OTEL_EXPORTER_OTLP_ENDPOINT", Collector.Endpoint),
            new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            // Sent at once, so that nobody waits for it.
            new("OTEL_BSP_SCHEDULE_DELAY", "200"),
            new("OTEL_BLRP_SCHEDULE_DELAY", "200"),
            new("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
            // Long enough to be seen, on a busy machine too.
            new("Shutdown__DrainSeconds", "5"),
        ];
}

/// <summary>What whoever runs the product looks at, on real processes.</summary>
public sealed class OperatingTests(Observed deployment) : ClusterTest(deployment), IClassFixture<Observed>
{
    private readonly Collector collector = deployment.Collector;

    [Fact]
    public async Task One_trace_leads_from_the_webhook_over_grains_and_commit_to_the_screen()
    {
        using var feed = await Rest.LiveAsync();
        string[] way = ["Deliver", "Receive", "commit", "live hints", "Publish", "live hints to browsers"];

        IReadOnlyList<SeenSpan> trace = [];
        await Eventually.IsTrueAsync(
            "one trace holds the whole way",
            async () =>
            {
                // The first one may meet a feed that the Api has not joined yet.
                (await Meta.PostAsync(Meta.NewMessage(Meta.NewCustomer(), "Hello"))).ShouldBe(200);
                trace =
                    collector
                        .Spans.GroupBy(s => s.Trace)
                        .Select(t => t.ToList())
                        .FirstOrDefault(t => Array.TrueForAll(way, part => t.Exists(s => IsNamed(s, part))))
                    ?? [];
                return trace.Count > 0;
            }
        );

        // Everything but the webhook itself has its cause in the same trace.
        var ids = trace.Select(s => s.Id).ToHashSet();
        var root = trace.Where(s => !ids.Contains(s.Parent)).ShouldHaveSingleItem();
        root.Name.ShouldContain("/webhooks/whatsapp");
        root.Service.ShouldBe("threadkeep-api");
        trace.Single(s => s.Name == "commit").Service.ShouldBe("threadkeep-silo");
        trace.First(s => s.Name == "live hints to browsers").Service.ShouldBe("threadkeep-api");
        // A commit belongs to all whose intents are in it.
        trace.Single(s => s.Name == "commit").Links.ShouldNotBeEmpty();

        static bool IsNamed(SeenSpan span, string part) =>
            span.Name == part || span.Name.EndsWith("/" + part, StringComparison.Ordinal);
    }

    [Fact]
    public Task Metrics_and_logs_reach_the_collector_too() =>
        Eventually.IsTrueAsync(
            "all three signals arrive",
            () => Task.FromResult(collector.Signals.ToHashSet().IsSupersetOf(["/v1/traces", "/v1/metrics", "/v1/logs"]))
        );

    [Fact]
    public async Task The_clusters_dashboard_is_for_admins_alone_and_shows_neither_state_nor_log()
    {
        using var stranger = Browser();
        (await StatusAsync(stranger, "/dashboard/")).ShouldBe(401);
        using var program = Browser();
        program.DefaultRequestHeaders.Authorization = new("Bearer", Rest.ApiKey);
        (await StatusAsync(program, "/dashboard/")).ShouldBe(403);
        using var agent = await SignedInAsync(Deployment.AgentEmail);
        (await StatusAsync(agent, "/dashboard/")).ShouldBe(403);
        (await StatusAsync(agent, "/dashboard/DashboardCounters")).ShouldBe(403);

        using var admin = await SignedInAsync(Deployment.AdminEmail);
        (await StatusAsync(admin, "/dashboard/")).ShouldBe(200);
        (await StatusAsync(admin, "/dashboard/index.min.js")).ShouldBe(200);
        await Eventually.IsTrueAsync(
            "the cluster's counters are shown",
            async () => await StatusAsync(admin, "/dashboard/DashboardCounters") == 200
        );
        foreach (var shut in new[] { "GrainState?grainId=x&grainType=thread", "grainstate", "Trace", "Reminders/1" })
            (await StatusAsync(admin, "/dashboard/" + shut)).ShouldBe(404, shut);
    }

    [Fact]
    public async Task Operators_see_the_silo_and_what_its_writer_does()
    {
        using var admin = await SignedInAsync(Deployment.AdminEmail);
        JsonNode? silo = null;
        await Eventually.IsTrueAsync(
            "the silo has told of a commit",
            async () =>
            {
                (await Meta.PostAsync(Meta.NewMessage(Meta.NewCustomer(), "Hello"))).ShouldBe(200);
                var seen = await admin.GetFromJsonAsync<JsonNode>("/api/v1/operations");
                silo = seen!["silos"]!.AsArray().SingleOrDefault(s => (string?)s!["state"] == "active");
                return silo?["figures"]?["writers"]![0]!["commitP99"] is not null;
            }
        );
        var writer = silo!["figures"]!["writers"]![0]!;
        ((string?)writer["name"]).ShouldBe("threads");
        ((double)writer["batchP50"]!).ShouldBeInRange(0.5, 100);
        ((double)writer["commitP50"]!).ShouldBeGreaterThan(0);
        ((long)silo["figures"]!["memoryBytes"]!).ShouldBeGreaterThan(10_000_000);
    }

    [Fact]
    public async Task A_process_that_is_told_to_end_is_not_ready_first_and_serves_on_meanwhile()
    {
        using var browser = Browser();
        var process = Deployment.Processes.Single(p => p.Name == "api");
        using var feed = await Rest.LiveAsync(); // an open feed must not hold the end up
        (await StatusAsync(browser, "/health/ready")).ShouldBe(200);
        await Shell.SucceedAsync("kill", ["-TERM", $"{process.Id}"]);

        await Eventually.IsTrueAsync(
            "it is not ready any more",
            async () => await StatusAsync(browser, "/health/ready") == 503,
            TimeSpan.FromSeconds(4)
        );
        (await StatusAsync(browser, "/health/live")).ShouldBe(200);
        (await Meta.PostAsync(Meta.NewMessage(Meta.NewCustomer(), "Hello"))).ShouldBe(200);
        await process.SucceedsAsync();
    }

    private async Task<HttpClient> SignedInAsync(string email)
    {
        var browser = Browser();
        browser.DefaultRequestHeaders.Add("X-Threadkeep", "console");
        using var answer = await browser.PostAsJsonAsync(
            "/api/v1/sign-in",
            new { email, password = Deployment.Password }
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return browser;
    }

    private HttpClient Browser() =>
        new(
            new HttpClientHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                CookieContainer = new CookieContainer(),
            }
        )
        {
            BaseAddress = Deployment.ApiUrl,
        };

    private static async Task<int> StatusAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return (int)answer.StatusCode;
    }
}
