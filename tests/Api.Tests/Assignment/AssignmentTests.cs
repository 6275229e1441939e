using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Assignment;
using Threadkeep.Setup;
using Threadkeep.Testing;
using Threadkeep.Tickets;

namespace Threadkeep.Api.Tests.Assignment;

[Collection(nameof(RealTime))]
public sealed class AssignmentTests(RealTime product)
{
    // Somebody to set things up, who takes no tickets themselves.
    private async Task<(Office Office, Browser Boss)> OfficeAsync(params SetupAgent[] agents)
    {
        var boss = Browser.NewPerson("admin", "Boss");
        var office = await product.OfficeAsync(agents: [boss, .. agents]);
        var browser = await Browser.OfAsync(product, boss);
        (await browser.PutAsync("me/availability", new { available = false })).Status.ShouldBe(204);
        return (office, browser);
    }

    private static async Task SaveAsync(Browser boss, params object[] rules)
    {
        var version = (await boss.GetAsync("assignment")).Body!["version"]!.GetValue<int>();
        var saved = await boss.PutAsync(
            "assignment",
            new
            {
                version,
                defaultCapacity = 20,
                rules,
            }
        );
        saved.Status.ShouldBe(200, saved.Body?.ToJsonString());
    }

    private static object Rule(string method, string? text = null, string? team = null, object[]? skills = null) =>
        new
        {
            name = $"By {method}",
            method,
            teamId = team,
            skills,
            filters = text is null
                ? []
                : new[]
                {
                    new
                    {
                        property = "message.lastText",
                        @operator = "contains",
                        values = new[] { text },
                    },
                },
        };

    private static async Task<JsonNode> TicketAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;

    private static async Task<JsonNode> UntilAsync(
        Office office,
        SeenThread thread,
        string what,
        Func<JsonNode, bool> holds
    )
    {
        JsonNode? ticket = null;
        await Eventually.IsTrueAsync(
            what,
            async () => holds(ticket = await TicketAsync(office, thread)),
            TimeSpan.FromSeconds(20)
        );
        return ticket!;
    }

    private static Task<JsonNode> OwnedAsync(Office office, SeenThread thread, string by) =>
        UntilAsync(office, thread, $"{by} has it", t => t["owner"]?["name"]?.ToString() == by);

    private static Task<JsonNode> WaitingAsync(Office office, SeenThread thread) =>
        UntilAsync(office, thread, "it waits", t => t["queuedAt"] is not null);

    private static async Task<string> IdOfAsync(Browser boss, string name) =>
        (await boss.GetAsync("people")).Body!["items"]!.AsArray().Single(p => p!["name"]!.ToString() == name)![
            "id"
        ]!.ToString();

    private static async Task ChangeAsync(Browser boss, JsonNode ticket, object change) =>
        (await boss.PatchAsync($"tickets/{ticket["id"]}", change)).Status.ShouldBe(200);

    [Fact]
    public async Task S15_freed_capacity_takes_the_oldest_waiting_thread_within_2_s_however_it_became_free()
    {
        var bea = Browser.NewPerson("agent", "Bea");
        var (office, boss) = await OfficeAsync(Browser.NewPerson("agent", "Aoi"), bea);
        using var bossy = boss;
        using var beas = await Browser.OfAsync(product, bea);
        await beas.PutAsync("me/availability", new { available = false });
        var aoi = await IdOfAsync(boss, "Aoi");
        (await boss.PutAsync($"people/{aoi}/capacity", new { capacity = 1 })).Status.ShouldBe(204);
        await SaveAsync(boss, Rule(AssignmentMethods.RoundRobin));

        var first = await office.HearAsync(Office.NewCustomer());
        var held = await OwnedAsync(office, first, "Aoi");
        var second = await office.HearAsync(Office.NewCustomer());
        await WaitingAsync(office, second);
        var third = await office.HearAsync(Office.NewCustomer());
        await WaitingAsync(office, third);
        var fourth = await office.HearAsync(Office.NewCustomer());
        await WaitingAsync(office, fourth);
        (await office.EventsAsync(second)).ShouldContain("ticket_waits");
        (await boss.GetAsync("availability")).Body!["waiting"]!["count"]!.GetValue<int>().ShouldBe(3);

        // A ticket that is closed.
        await ChangeAsync(boss, held, new { status = "closed" });
        var closed = (await office.AskAsync($"tickets/{held["id"]}")).Body!;
        await OwnedAsync(office, second, "Aoi");
        var given = (await office.MessagesAsync(second, events: true)).Last(m => m.Type == "ticket_changed");
        (given.At - closed["closedAt"]!.GetValue<DateTimeOffset>()).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (await TicketAsync(office, third))["owner"].ShouldBeNull();

        // A capacity that is raised.
        (await boss.PutAsync($"people/{aoi}/capacity", new { capacity = 2 })).Status.ShouldBe(204);
        await OwnedAsync(office, third, "Aoi");
        (await TicketAsync(office, fourth))["owner"].ShouldBeNull();

        // An answer: it waits on the customer now.
        var fifth = await office.HearAsync(Office.NewCustomer());
        await WaitingAsync(office, fifth);
        await office.AcceptedAsync(second, Office.TextBody("Done"));
        await OwnedAsync(office, fourth, "Aoi");

        // Somebody who becomes available.
        (await TicketAsync(office, fifth))["owner"]
            .ShouldBeNull();
        (await beas.PutAsync("me/availability", new { available = true })).Status.ShouldBe(204);
        (await OwnedAsync(office, fifth, "Bea"))["queuedAt"].ShouldBeNull();
        (await office.CountAsync("tickets", "queued_at is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task The_first_rule_that_holds_decides_by_text_team_and_skill_and_the_rest_is_left_to_be_taken()
    {
        var (office, boss) = await OfficeAsync(
            Browser.NewPerson("agent", "Aoi"),
            Browser.NewPerson("agent", "Bea"),
            Browser.NewPerson("agent", "Chika")
        );
        using var bossy = boss;
        var (aoi, bea) = (await IdOfAsync(boss, "Aoi"), await IdOfAsync(boss, "Bea"));
        var team = (await boss.PostAsync("teams", new { name = "請求", memberIds = new[] { aoi, bea } })).Id;
        var skill = (await boss.PostAsync("skills", new { name = "日本語" })).Id;
        (await boss.PostAsync("skills", new { name = "日本語" })).Code.ShouldBe("name_taken");
        await SkilledAsync(aoi, 2);
        await SkilledAsync(bea, 4);
        await SaveAsync(
            boss,
            Rule(AssignmentMethods.BySkill, "請求", team, [new { id = skill, level = 3 }]),
            Rule(AssignmentMethods.LeastLoaded, "注文"),
            Rule(AssignmentMethods.Manual)
        );

        var invoice = await office.HearAsync(Office.NewCustomer(), "請求書をください");
        var given = await OwnedAsync(office, invoice, "Bea");
        given["team"]!["id"]!.ToString().ShouldBe(team);
        given["skills"]!.AsArray().ShouldHaveSingleItem()!["level"]!.GetValue<int>().ShouldBe(3);
        var told = (await office.AskAsync($"threads/{invoice.Id}/messages?include=events&limit=200")).Body!["items"]!
            .AsArray()
            .Last(m => m!["type"]!.ToString() == "ticket_changed")!;
        told["data"]!["rule"]!.ToString().ShouldBe("By by_skill");

        var order = await office.HearAsync(Office.NewCustomer(), "注文 4711");
        // Nobody of the others has any yet.
        (await UntilAsync(office, order, "somebody has it", t => t["owner"] is not null))["owner"]!["name"]!
            .ToString()
            .ShouldBeOneOf("Aoi", "Chika");

        var other = await office.HearAsync(Office.NewCustomer(), "Hello");
        await Eventually.IsTrueAsync(
            "the rules have looked at it",
            async () => await office.CountAsync("tickets", $"thread_id = '{other.Id}' and routed") == 1
        );
        var left = await TicketAsync(office, other);
        (left["owner"], left["queuedAt"]).ShouldBe((null, null));

        // Handed to a team and given a need by hand, the second rule gives it to whoever of the team can.
        await office.HearAsync(other.Customer.WaId!, "注文です");
        await ChangeAsync(boss, left, new { teamId = team, addSkills = new[] { new { id = skill, level = 4 } } });
        await OwnedAsync(office, other, "Bea");

        async Task SkilledAsync(string person, int level) =>
            (
                await boss.PutAsync($"people/{person}/skills", new { skills = new[] { new { id = skill, level } } })
            ).Status.ShouldBe(204);
    }

    [Fact]
    public async Task The_tickets_of_whoever_is_turned_off_are_given_out_anew_and_a_removed_team_leaves_none()
    {
        var (office, boss) = await OfficeAsync(Browser.NewPerson("agent", "Aoi"), Browser.NewPerson("agent", "Bea"));
        using var bossy = boss;
        var (aoi, bea) = (await IdOfAsync(boss, "Aoi"), await IdOfAsync(boss, "Bea"));
        var team = (await boss.PostAsync("teams", new { name = "Sales" })).Id;
        var thread = await office.HearAsync(Office.NewCustomer());
        var handed = await office.HearAsync(Office.NewCustomer());
        await ChangeAsync(boss, await TicketAsync(office, thread), new { ownerId = aoi });
        await ChangeAsync(boss, await TicketAsync(office, handed), new { ownerId = bea, teamId = team });

        // Without a rule it is nobody's again.
        (await boss.PatchAsync($"people/{aoi}", new { active = false })).Status.ShouldBe(200);
        await UntilAsync(office, thread, "nobody has it", t => t["owner"] is null);
        var told = (await office.AskAsync($"threads/{thread.Id}/messages?include=events&limit=200")).Body!["items"]!
            .AsArray()
            .Last(m => m!["type"]!.ToString() == "ticket_changed")!;
        told["data"]!["reason"]!.ToString().ShouldBe("owner_removed");
        (await boss.DeleteAsync($"teams/{team}")).Status.ShouldBe(204);
        await Eventually.IsTrueAsync(
            "the ticket has no team",
            async () => await office.CountAsync("tickets", "team_id is not null") == 0
        );
        (await TicketAsync(office, handed))["owner"]!["id"]!.ToString().ShouldBe(bea);

        // With one it goes to whoever is free.
        await SaveAsync(boss, Rule(AssignmentMethods.LeastLoaded));
        await OwnedAsync(office, thread, "Bea");
    }

    [Fact]
    public async Task A_ticket_is_never_given_twice_and_one_at_a_time_gives_out_an_accounts()
    {
        var (office, boss) = await OfficeAsync(Browser.NewPerson("agent", "Aoi"), Browser.NewPerson("agent", "Bea"));
        using var bossy = boss;
        var people = new[] { await IdOfAsync(boss, "Aoi"), await IdOfAsync(boss, "Bea") };
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = Guid.ParseExact((await TicketAsync(office, thread))["id"]!.ToString(), "N");
        var results = await Task.WhenAll(
            people
                .Concat(people)
                .Select(p =>
                    office
                        .Grain(thread)
                        .Route(
                            new RouteTicket
                            {
                                Ticket = ticket,
                                Act = RouteAct.Assign,
                                Agent = new AgentId(Guid.ParseExact(p, "N")),
                            }
                        )
                )
        );
        // Two say the same, and are done; the other two come too late.
        results.Count(r => r == RouteResult.Done).ShouldBe(2);
        results.Count(r => r == RouteResult.NotAsExpected).ShouldBe(2);
        (await office.EventsAsync(thread)).Count(e => e == "ticket_changed").ShouldBe(1);

        var store = new RoutingStore(product.Database.DataSource);
        // Of an account that nobody gives tickets out in beside this test.
        var account = new AccountId(Guid.NewGuid());
        await using (var turn = await store.TryTakeTurnAsync(account))
        {
            turn.ShouldNotBeNull();
            (await store.TryTakeTurnAsync(account)).ShouldBeNull();
            await turn.EnsureHeldAsync();
        }
        await using var next = await store.TryTakeTurnAsync(account);
        next.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"name":"a\nb","method":"manual"}""")]
    [InlineData("""{"name":"x","method":"by_chance"}""")]
    [InlineData("""{"name":"x","method":"manual","teamId":"00000000000000000000000000000001"}""")]
    [InlineData("""{"name":"x","method":"manual","agentIds":["00000000000000000000000000000001"]}""")]
    [InlineData("""{"name":"x","method":"manual","skills":[{"id":"00000000000000000000000000000001","level":1}]}""")]
    [InlineData("""{"name":"x","method":"manual","skills":[{"id":"x","level":9}]}""")]
    [InlineData("""{"name":"x","method":"manual","filters":[{"property":"ticket.gone","operator":"known"}]}""")]
    [InlineData(
        """{"name":"x","method":"manual","filters":[{"property":"ticket.owner","operator":"anyOf","values":["me"]}]}"""
    )]
    [InlineData(
        """{"name":"x","method":"manual","filters":[{"property":"ticket.team","operator":"anyOf","values":["mine"]}]}"""
    )]
    [InlineData(
        """{"name":"x","method":"manual","filters":[{"property":"ticket.priority","operator":"anyOf","values":["'; drop table"]}]}"""
    )]
    public async Task A_rule_that_cannot_be_is_refused_with_its_number(string rule)
    {
        var office = await product.OfficeAsync();
        var good = """{"name":"First","method":"manual"}""";
        var refused = await office.CallAsync(
            HttpMethod.Put,
            "assignment",
            $$"""{"version":0,"defaultCapacity":5,"rules":[{{good}},{{rule}}]}"""
        );
        (refused.Status, refused.Code).ShouldBe((422, "rule_invalid"));
        refused.Body!["rule"]!.GetValue<int>().ShouldBe(2);
        (await office.AskAsync("assignment")).Body!["version"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_rule_says_what_of_it_is_gone_and_can_be_changed_without_taking_that_out()
    {
        var (_, boss) = await OfficeAsync();
        using var bossy = boss;
        var team = (await boss.PostAsync("teams", new { name = "Sales" })).Id;
        await SaveAsync(boss, Rule(AssignmentMethods.RoundRobin, null, team));
        (await boss.DeleteAsync($"teams/{team}")).Status.ShouldBe(204);
        var settings = (await boss.GetAsync("assignment")).Body!;
        var rule = settings["rules"]![0]!;
        rule["missing"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldBe("team");
        rule["name"] = "Another name";
        rule.AsObject().Remove("missing");
        (await boss.PutAsync("assignment", settings)).Body!["rules"]![0]!["name"]!.ToString().ShouldBe("Another name");
    }
}
