using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Operations;

/// <summary>The page for whoever runs the product: who may see it, and that its figures are true.</summary>
[Collection(nameof(RealTime))]
public sealed class OperationsTests(RealTime product)
{
    private const string Password = "correct horse battery staple";

    [Fact]
    public async Task Only_people_who_are_admins_see_it()
    {
        var admin = NewPerson("admin");
        var agent = NewPerson("agent");
        var office = await product.OfficeAsync(agents: [admin, agent]);
        using var stranger = Browser();

        using var nobody = await stranger.GetAsync("operations");
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await office.AskAsync("operations")).Status.ShouldBe(403);
        using var agents = await SignedInAsync(agent);
        using var refused = await agents.GetAsync("operations");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]!.ToString().ShouldBe("not_allowed");
        using var admins = await SignedInAsync(admin);
        using var seen = await admins.GetAsync("operations");
        seen.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_tells_of_this_host_its_webhooks_and_what_was_left_over()
    {
        var admin = NewPerson("admin");
        var office = await product.OfficeAsync(agents: [admin]);
        using var browser = await SignedInAsync(admin);
        var before = (long)(await AskAsync(browser))["backlog"]!["leftovers"]!;
        var invented = Hook.Body([
            Hook.Value("9" + office.Number, [Hook.Text(Office.NewCustomer(), "Hello", product.Now)]),
        ]);
        (await office.HookAsync(invented)).ShouldBe(200);

        JsonNode? seen = null;
        await Eventually.IsTrueAsync(
            "this host has told of a webhook",
            async () =>
            {
                seen = await AskAsync(browser);
                return seen["apiHosts"]!
                    .AsArray()
                    .Any(h =>
                        (double)h!["webhooks"]!["acknowledgedPerSecond"]! > 0 && h["webhooks"]!["p99"] is not null
                    );
            }
        );
        ((long)seen!["backlog"]!["leftovers"]!).ShouldBeGreaterThan(before);
        ((long)seen["backlog"]!["unclaimedLeftovers"]!).ShouldBeGreaterThan(0);
        ((double)seen["backlog"]!["alarmLagSeconds"]!).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Prometheus_is_told_what_the_documentation_names()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        await office.HearAsync(customer);
        using var http = new HttpClient();
        string[] names =
        [
            "http_server_request_duration_seconds_bucket",
            "threadkeep_writer_statement_milliseconds_bucket",
            "threadkeep_writer_batch_bucket",
            "threadkeep_writer_waiting{",
            "threadkeep_outbound_oldest_seconds",
            "threadkeep_outbound_waiting{",
            "threadkeep_leftovers_open{",
            "threadkeep_alarms_lag_seconds",
            "threadkeep_live_browsers{",
            "db_client_",
        ];
        var text = "";
        await Eventually.IsTrueAsync(
            "every figure is there",
            async () =>
            {
                text = await http.GetStringAsync(new Uri(product.ApiUrl, "/metrics"));
                return Array.TrueForAll(names, n => text.Contains(n, StringComparison.Ordinal));
            }
        );
        text.ShouldNotContain(customer);
    }

    private static SetupAgent NewPerson(string role) =>
        new("Aiko", $"{role}-{Guid.NewGuid():N}@example.com", Password, "en", role);

    private HttpClient Browser() =>
        new(new HttpClientHandler { CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(product.ApiUrl, "/api/v1/"),
        };

    private async Task<HttpClient> SignedInAsync(SetupAgent person)
    {
        var browser = Browser();
        browser.DefaultRequestHeaders.Add("X-Threadkeep", "console");
        using var answer = await browser.PostAsJsonAsync("sign-in", new { email = person.Email, password = Password });
        answer.EnsureSuccessStatusCode();
        return browser;
    }

    private static async Task<JsonNode> AskAsync(HttpClient browser) =>
        (await browser.GetFromJsonAsync<JsonNode>("operations"))!;
}
