using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Sla;

[Collection(nameof(MovedTime))]
public sealed class SlaTests(MovedTime product)
{
    private const string Policies = """
        {"version":0,"policies":[{"name":"Standard","targets":[
            {"priority":"normal","firstResponseMinutes":120,"resolutionMinutes":1440},{"priority":"urgent","firstResponseMinutes":30}]}]}
        """;

    private async Task<Office> PromisingAsync()
    {
        var office = await product.OfficeAsync();
        var put = await office.CallAsync(HttpMethod.Put, "sla", Policies);
        put.Status.ShouldBe(200, put.Body?.ToJsonString());
        return office;
    }

    private static async Task<JsonNode> SlaAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["sla"]!;

    private static DateTimeOffset? Due(JsonNode sla) =>
        sla["dueAt"] is { } due ? DateTimeOffset.Parse(due.ToString(), CultureInfo.InvariantCulture) : null;

    [Fact]
    public async Task A_ticket_is_due_stands_while_it_waits_on_the_contact_and_is_in_views_by_how_it_stands()
    {
        var office = await PromisingAsync();
        var customer = Office.NewCustomer();
        var opened = product.Now;
        var thread = await office.HearAsync(customer);
        var sla = await SlaAsync(office, thread);
        (Due(sla), sla["awaits"]!.ToString()).ShouldBe((opened.AddMinutes(120), "first_response"));

        product.Clock.Advance(TimeSpan.FromMinutes(70));
        (await InViewAsync("due_soon")).ShouldBe(1);
        await office.AcceptedAsync(thread, Office.TextBody("Yes?"));
        sla = await SlaAsync(office, thread);
        (sla["paused"]!.GetValue<bool>(), Due(sla)).ShouldBe((true, null));
        (await InViewAsync("paused")).ShouldBe(1);

        product.Clock.Advance(TimeSpan.FromMinutes(500));
        await office.HearAsync(customer, "There you are");
        sla = await SlaAsync(office, thread);
        (Due(sla), sla["awaits"]!.ToString()).ShouldBe((opened.AddMinutes(1940), "resolution"));

        var ticket = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!;
        await office.CallAsync(HttpMethod.Patch, $"tickets/{ticket}", """{"status":"closed"}""");
        (await InViewAsync("met")).ShouldBe(1);
        (await office.AskAsync($"tickets/{ticket}")).Body!["sla"]!["resolutionBreached"]!
            .GetValue<bool>()
            .ShouldBeFalse();

        async Task<int> InViewAsync(string state)
        {
            var view = await office.PostAsync(
                "views",
                $$"""
                {"name":"{{state}}","filters":[{"property":"ticket.sla","operator":"anyOf","values":["{{state}}"]}],
                 "columns":["ticket.sla","ticket.slaDueAt"],"sort":"ticket.slaDueAt","descending":false}
                """
            );
            view.Status.ShouldBe(201, view.Body?.ToJsonString());
            return (await office.AskAsync($"views/{view.Id}/threads")).Body!["items"]!.AsArray().Count;
        }
    }

    [Fact]
    public async Task A_breach_is_noted_once_by_the_sweep_and_another_priority_is_another_promise()
    {
        var office = await PromisingAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        product.Clock.Advance(TimeSpan.FromMinutes(119));
        await SweepAsync();
        (await office.EventsAsync(thread)).ShouldNotContain("sla_breached");
        product.Clock.Advance(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await SweepAsync();
        (await office.EventsAsync(thread)).Count(t => t == "sla_breached").ShouldBe(1);
        (await SlaAsync(office, thread))["firstResponseBreached"]!.GetValue<bool>().ShouldBeTrue();

        var other = await office.HearAsync(Office.NewCustomer());
        var ticket = (await office.AskAsync($"threads/{other.Id}")).Body!["ticket"]!["id"]!;
        product.Clock.Advance(TimeSpan.FromMinutes(10));
        await office.CallAsync(HttpMethod.Patch, $"tickets/{ticket}", """{"priority":"urgent"}""");
        Due(await SlaAsync(office, other)).ShouldBe(product.Now.AddMinutes(20));
        await office.CallAsync(HttpMethod.Patch, $"tickets/{ticket}", """{"priority":"low"}""");
        (await office.AskAsync($"threads/{other.Id}")).Body!["ticket"]!["sla"].ShouldBeNull();

        async Task SweepAsync()
        {
            for (var shard = 0; shard < GrainKeys.SweepShards; shard++)
                await product.Cluster.GetGrain<ISessionSweepGrain>(shard).Sweep();
        }
    }

    [Fact]
    public async Task Hours_that_a_policy_goes_by_stay_and_of_two_admins_the_second_is_told()
    {
        var office = await PromisingAsync();
        (await office.CallAsync(HttpMethod.Put, "sla", Policies)).Code.ShouldBe("sla_changed");
        var hours = await office.PostAsync("schedules", """{"name":"x","timeZone":"Asia/Tokyo","spans":[]}""");
        var policy = $$"""
            {"version":1,"policies":[{"name":"A","scheduleId":"{{hours.Id}}","targets":[{"priority":"low","resolutionMinutes":1}]}]}
            """;
        (await office.CallAsync(HttpMethod.Put, "sla", policy)).Status.ShouldBe(200);
        (await office.CallAsync(HttpMethod.Delete, $"schedules/{hours.Id}")).Code.ShouldBe("schedule_in_use");
        (await office.CallAsync(HttpMethod.Put, "sla", """{"version":2,"policies":[]}""")).Status.ShouldBe(200);
        (await office.CallAsync(HttpMethod.Delete, $"schedules/{hours.Id}")).Status.ShouldBe(204);
        var gone = policy.Replace("\"version\":1", "\"version\":3", StringComparison.Ordinal);
        (await office.CallAsync(HttpMethod.Put, "sla", gone)).Code.ShouldBe("schedule_not_found");
    }

    [Theory]
    [InlineData("""{"version":0,"policies":[{"name":"","targets":[]}]}""")]
    [InlineData("""{"version":0,"policies":[{"name":"x","targets":[{"priority":"extreme"}]}]}""")]
    [InlineData("""{"version":0,"policies":[{"name":"x","targets":[{"priority":"low","resolutionMinutes":0}]}]}""")]
    [InlineData("""{"version":0,"policies":[{"name":"x","targets":[{"priority":"low"},{"priority":"low"}]}]}""")]
    [InlineData("""{"version":0,"policies":[{"name":"x","scheduleId":"y","targets":[]}]}""")]
    public async Task What_no_policy_can_be_is_refused(string json)
    {
        var office = await product.OfficeAsync();
        (await office.CallAsync(HttpMethod.Put, "sla", json)).Status.ShouldBe(400);
    }
}
