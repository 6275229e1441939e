using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Tickets;

[Collection(nameof(MovedTime))]
public sealed class TicketTests(MovedTime product)
{
    private static readonly SetupAgent[] Team =
    [
        new("Emma", "emma@TICKETS.example", "a long pass phrase", "en", "admin"),
        new("Aoi", "aoi@TICKETS.example", "a long pass phrase", "ja", "agent"),
    ];

    private static SetupAgent[] NewTeam() =>
        [.. Team.Select(a => a with { Email = a.Email.Replace("TICKETS", Guid.NewGuid().ToString("N")) })];

    private static async Task<JsonNode> TicketAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;

    private static Task<Answer> ChangeAsync(Office office, JsonNode ticket, string json) =>
        office.CallAsync(HttpMethod.Patch, $"tickets/{ticket["id"]}", json);

    private static async Task<Dictionary<string, string>> AgentsAsync(Office office) =>
        (await office.AskAsync("people")).Body!["items"]!
            .AsArray()
            .ToDictionary(a => a!["name"]!.ToString(), a => a!["id"]!.ToString());

    [Fact]
    public async Task The_status_moves_by_itself_as_customer_and_agent_write()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        thread.Ticket!.Status.ShouldBe("new");
        await office.HearAsync(customer, "Anybody there?");
        (await office.AgainAsync(thread)).Ticket!.Status.ShouldBe("new");

        await office.AcceptedAsync(thread, Office.TextBody("Here we are"));
        (await office.AgainAsync(thread)).Ticket!.Status.ShouldBe("waiting_on_contact");

        await office.HearAsync(customer, "Thank you");
        (await office.AgainAsync(thread)).Ticket!.Status.ShouldBe("waiting_on_us");
    }

    [Fact]
    public async Task Properties_are_changed_told_in_the_thread_and_can_be_set_back()
    {
        var office = await product.OfficeAsync(agents: NewTeam());
        var agents = await AgentsAsync(office);
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = await TicketAsync(office, thread);

        var changed = await ChangeAsync(
            office,
            ticket,
            $$"""
            {"ownerId":"{{agents[
                "Aoi"
            ]}}","priority":"urgent","category":" 返品 ","subject":"注文 4711 \"broken\" \u202eabc",
             "tags":["vip","🎁","vip"],"status":"waiting_on_us"}
            """
        );
        changed.Status.ShouldBe(200, changed.Body?.ToJsonString());
        var after = await TicketAsync(office, thread);
        after["owner"]!["name"]!.ToString().ShouldBe("Aoi");
        after["priority"]!.ToString().ShouldBe("urgent");
        after["category"]!.ToString().ShouldBe("返品");
        after["subject"]!.ToString().ShouldBe("注文 4711 \"broken\" \u202eabc");
        after["tags"]!.AsArray().Select(t => t!.ToString()).ShouldBe(["vip", "🎁"]);
        after["status"]!.ToString().ShouldBe("waiting_on_us");
        after["version"]!.GetValue<int>().ShouldBe(2);
        (await office.EventsAsync(thread)).ShouldContain("ticket_changed");

        var emptied = await ChangeAsync(
            office,
            ticket,
            """{"ownerId":null,"category":null,"subject":null,"addTags":["late"],"removeTags":["vip"]}"""
        );
        emptied.Status.ShouldBe(200);
        var last = await TicketAsync(office, thread);
        last["owner"].ShouldBeNull();
        last["category"].ShouldBeNull();
        last["subject"].ShouldBeNull();
        last["tags"]!.AsArray().Select(t => t!.ToString()).ShouldBe(["🎁", "late"]);
        last["priority"]!.ToString().ShouldBe("urgent");
        (await office.CountAsync("outbox")).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_ticket_handed_to_a_team_is_in_its_views_and_nobodys_until_somebody_takes_it()
    {
        var people = NewTeam();
        var office = await product.OfficeAsync(agents: people);
        var agents = await AgentsAsync(office);
        var json = $$"""{"name":"請求 {{Guid.NewGuid():N}}","memberIds":["{{agents["Aoi"]}}"]}""";
        var team = (await office.PostAsync("teams", json)).Id;
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = await TicketAsync(office, thread);
        await ChangeAsync(office, ticket, $$"""{"ownerId":"{{agents["Emma"]}}"}""");

        (await ChangeAsync(office, ticket, $$"""{"teamId":"{{team}}"}""")).Status.ShouldBe(200);
        var handed = await TicketAsync(office, thread);
        handed["team"]!["id"]!.ToString().ShouldBe(team);
        handed["owner"].ShouldBeNull();
        (await office.EventsAsync(thread)).Count(e => e == "ticket_changed").ShouldBe(2);
        (await office.AskAsync($"tickets?teamId={team}")).Body!["items"]!.AsArray().Count.ShouldBe(1);

        // "mine" is any team of whoever looks.
        using var aoi = await Browser.OfAsync(product, people[1]);
        using var emma = await Browser.OfAsync(product, people[0]);
        var view = await emma.PostAsync(
            "views",
            new
            {
                name = "Our team",
                sharing = "everyone",
                columns = new[] { "ticket.team" },
                filters = new[]
                {
                    new
                    {
                        property = "ticket.team",
                        @operator = "anyOf",
                        values = new[] { "mine" },
                    },
                },
            }
        );
        view.Status.ShouldBe(201, view.Body?.ToJsonString());
        var seen = (await aoi.GetAsync($"views/{view.Id}/threads")).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        seen["columns"]!["ticket.team"]!.ToString().ShouldBe(team);
        (await emma.GetAsync($"views/{view.Id}/threads")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await aoi.GetAsync("views/counts")).Body!["counts"]![view.Id]!.GetValue<int>().ShouldBe(1);
        (await emma.GetAsync("views/counts")).Body!["counts"]![view.Id]!.GetValue<int>().ShouldBe(0);

        // Taken by a person it stays the team's work; a team that is removed leaves none behind.
        await ChangeAsync(office, ticket, $$"""{"ownerId":"{{agents["Aoi"]}}"}""");
        (await TicketAsync(office, thread))["team"]!["id"]!.ToString().ShouldBe(team);
        (await office.CallAsync(HttpMethod.Delete, $"teams/{team}")).Status.ShouldBe(204);
        (await TicketAsync(office, thread))["team"].ShouldBeNull();
        (await ChangeAsync(office, ticket, $$"""{"teamId":"{{team}}"}""")).Code.ShouldBe("team_not_found");
    }

    [Fact]
    public async Task Of_two_people_editing_one_version_the_second_is_told_and_nothing_of_theirs_is_written()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = await TicketAsync(office, thread);
        (await ChangeAsync(office, ticket, """{"version":1,"priority":"high"}""")).Status.ShouldBe(200);
        var second = await ChangeAsync(office, ticket, """{"version":1,"priority":"low","category":"x"}""");
        second.Status.ShouldBe(409);
        second.Code.ShouldBe("ticket_changed");
        var now = await TicketAsync(office, thread);
        now["priority"]!.ToString().ShouldBe("high");
        now["category"].ShouldBeNull();
        // What is so already is no conflict: the same click twice.
        (await ChangeAsync(office, ticket, """{"version":1,"priority":"high"}""")).Status.ShouldBe(200);
        // A message of the customer is none either.
        await office.HearAsync(thread.Customer.WaId!, "still here");
        (await ChangeAsync(office, ticket, """{"version":2,"priority":"low"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_closed_ticket_is_reopened_or_followed_by_a_new_one_and_then_stays_as_it_is()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var first = await TicketAsync(office, thread);
        (await ChangeAsync(office, first, """{"status":"closed"}""")).Status.ShouldBe(200);
        (await ChangeAsync(office, first, """{"status":"waiting_on_us"}""")).Body!["closedAt"].ShouldBeNull();
        (await ChangeAsync(office, first, """{"status":"closed"}""")).Body!["closedAt"].ShouldNotBeNull();
        (await ChangeAsync(office, first, $$"""{"snoozedUntil":"{{product.Now.AddHours(1):O}}"}""")).Code.ShouldBe(
            "ticket_closed"
        );

        await office.HearAsync(customer, "One more thing");
        var second = await TicketAsync(office, thread);
        second["number"]!.GetValue<int>().ShouldNotBe(first["number"]!.GetValue<int>());
        second["status"]!.ToString().ShouldBe("new");
        (await ChangeAsync(office, first, """{"status":"waiting_on_us"}""")).Code.ShouldBe("ticket_superseded");
        var closed = await office.AskAsync("tickets?status=closed");
        closed.Body!["items"]!.AsArray().ShouldHaveSingleItem()!["id"]!.ToString().ShouldBe(first["id"]!.ToString());
        (await office.AskAsync("tickets?status=new")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await office.AskAsync($"tickets?threadId={thread.Id}&limit=1")).Body!["nextCursor"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_ticket_that_was_closed_within_the_days_that_are_set_is_opened_again_by_the_customer()
    {
        var office = await product.OfficeAsync();
        (await office.CallAsync(HttpMethod.Patch, "account", """{"reopenDays":91}""")).Status.ShouldBe(400);
        (await office.CallAsync(HttpMethod.Patch, "account", """{"reopenDays":2}""")).Status.ShouldBe(200);
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var first = await TicketAsync(office, thread);
        await ChangeAsync(office, first, """{"status":"closed"}""");
        product.Clock.Advance(TimeSpan.FromHours(47));
        await office.HearAsync(customer, "It is broken again");
        var again = await TicketAsync(office, thread);
        (again["number"]!.ToString(), again["status"]!.ToString()).ShouldBe(
            (first["number"]!.ToString(), "waiting_on_us")
        );
        (await office.AskAsync("tickets?status=closed")).Body!["items"]!.AsArray().ShouldBeEmpty();

        await ChangeAsync(office, first, """{"status":"closed"}""");
        product.Clock.Advance(TimeSpan.FromHours(49));
        await office.HearAsync(customer, "Something else");
        (await TicketAsync(office, thread))["number"]!.ToString().ShouldNotBe(first["number"]!.ToString());
    }

    [Fact]
    public async Task The_details_count_what_belongs_to_the_ticket()
    {
        var office = await product.OfficeAsync(templates: true);
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var first = await TicketAsync(office, thread);
        await office.HearAsync(customer, "Hello?");
        product.Clock.Advance(TimeSpan.FromMinutes(3));
        await office.AcceptedAsync(thread, Office.TextBody("Yes"));
        await office.AcceptedAsync(thread, Office.Template);
        await ChangeAsync(office, first, """{"status":"closed"}""");
        await office.HearAsync(customer, "New matter");

        var details = (await office.AskAsync($"tickets/{first["id"]}")).Body!;
        details["source"]!.ToString().ShouldBe("whatsapp");
        var facts = details["whatsApp"]!;
        facts["received"]!.GetValue<int>().ShouldBe(2);
        facts["sent"]!.GetValue<int>().ShouldBe(2);
        facts["firstResponseSeconds"]!.GetValue<long>().ShouldBe(180);
        facts["lastTemplate"]!["name"]!.ToString().ShouldBe("continue_conversation");
        facts["channelNumber"]!.ToString().ShouldBe("+81 3-0000-0000");
        facts["session"]!["open"]!.GetValue<bool>().ShouldBeTrue();
        var second = await TicketAsync(office, thread);
        (await office.AskAsync($"tickets/{second["id"]}")).Body!["whatsApp"]!["received"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_snoozed_ticket_wakes_by_itself_at_its_time_or_when_the_customer_writes()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var ticket = await TicketAsync(office, thread);
        var until = product.Now.AddHours(2);
        (await ChangeAsync(office, ticket, $$"""{"snoozedUntil":"{{until:O}}"}""")).Status.ShouldBe(200);
        await SweepAsync();
        (await TicketAsync(office, thread))["snoozedUntil"].ShouldNotBeNull();
        product.Clock.Set(until);
        await SweepAsync();
        (await TicketAsync(office, thread))["snoozedUntil"].ShouldBeNull();
        (await office.EventsAsync(thread)).ShouldContain("ticket_woke");

        await ChangeAsync(office, ticket, $$"""{"snoozedUntil":"{{until.AddHours(1):O}}"}""");
        await office.HearAsync(customer, "I am back");
        (await TicketAsync(office, thread))["snoozedUntil"].ShouldBeNull();

        async Task SweepAsync()
        {
            for (var shard = 0; shard < GrainKeys.SweepShards; shard++)
                await product.Cluster.GetGrain<ISessionSweepGrain>(shard).Sweep();
        }
    }

    [Fact]
    public async Task A_note_is_in_the_thread_names_people_and_never_leaves()
    {
        var office = await product.OfficeAsync(agents: NewTeam());
        var agents = await AgentsAsync(office);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var text = string.Concat(Enumerable.Repeat("長い🙂 ", 2_000));
        var json = new JsonObject { ["text"] = text, ["mentions"] = new JsonArray(agents["Aoi"]) }.ToJsonString();
        var key = Guid.NewGuid().ToString();
        var added = await office.PostAsync($"threads/{thread.Id}/notes", json, key);
        added.Status.ShouldBe(201, added.Body?.ToJsonString());
        (await office.PostAsync($"threads/{thread.Id}/notes", json, key)).Id.ShouldBe(added.Id);

        (await office.MessagesAsync(thread)).ShouldNotContain(m => m.Direction == "note");
        var note = (await office.MessagesAsync(thread, events: true)).Single(m => m.Direction == "note");
        note.Text.ShouldBe(text.Trim());
        (await office.CountAsync("mentions")).ShouldBe(1);
        // A message after it does leave, and is all that leaves.
        var sent = await office.AcceptedAsync(thread, Office.TextBody("An answer"));
        await office.UntilAsync(sent, "sent", "delivered", "read");
        (await office.SentAsync()).ShouldHaveSingleItem()["body"]!.ToJsonString().ShouldContain("An answer");
        (await office.AgainAsync(thread)).LastMessage!.Text.ShouldBe("An answer");
    }

    [Theory]
    [InlineData("""{"status":"done"}""")]
    [InlineData("""{"status":null}""")]
    [InlineData("""{"priority":"extreme"}""")]
    [InlineData("""{"tags":[""]}""")]
    [InlineData("""{"tags":["a\nb"]}""")]
    [InlineData("""{"subject":"a\u0000b"}""")]
    [InlineData("""{"subject":"\u200B\u200B"}""")]
    [InlineData("""{"tags":["\u3164"]}""")]
    [InlineData("""{"ownerId":"nobody"}""")]
    [InlineData("""{"ownerId":"00000000000000000000000000000001"}""")]
    [InlineData("""{"snoozedUntil":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"version":"x"}""")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string json)
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = await TicketAsync(office, thread);
        (await ChangeAsync(office, ticket, json)).Status.ShouldBeInRange(400, 422);
        (await TicketAsync(office, thread))["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_becomes_an_owner_who_could_not_answer()
    {
        var (boss, viewer, elsewhere) = (
            Browser.NewPerson("admin"),
            Browser.NewPerson("viewer"),
            Browser.NewPerson("agent")
        );
        var office = await product.OfficeAsync(agents: [boss, viewer, elsewhere]);
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = await TicketAsync(office, thread);
        using var admin = await Browser.OfAsync(product, boss);
        var ids = new List<string>();
        foreach (var person in new[] { viewer, elsewhere })
        {
            using var browser = await Browser.OfAsync(product, person);
            ids.Add((await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString());
        }
        var channel = (await office.AskAsync($"threads/{thread.Id}")).Body!["channelId"]!.ToString();
        Task<Answer> SeesAsync(params string[] channels) =>
            admin.PatchAsync($"people/{ids[1]}", new { allChannels = false, channelIds = channels });
        (await SeesAsync()).Status.ShouldBe(200);
        foreach (var id in ids)
            (await ChangeAsync(office, ticket, $$"""{"ownerId":"{{id}}"}""")).Code.ShouldBe("owner_cannot_answer");
        (await TicketAsync(office, thread))["owner"].ShouldBeNull();

        (await SeesAsync(channel)).Status.ShouldBe(200);
        (await ChangeAsync(office, ticket, $$"""{"ownerId":"{{ids[1]}}"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Another_account_sees_and_changes_nothing()
    {
        var office = await product.OfficeAsync(agents: NewTeam());
        var stranger = await product.OfficeAsync(agents: NewTeam());
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = await TicketAsync(office, thread);
        (await stranger.AskAsync($"tickets/{ticket["id"]}")).Status.ShouldBe(404);
        (await ChangeAsync(stranger, ticket, """{"priority":"high"}""")).Status.ShouldBe(404);
        (await stranger.PostAsync($"threads/{thread.Id}/notes", """{"text":"x"}""", "k")).Status.ShouldBe(404);
        var foreigner = (await AgentsAsync(stranger))["Aoi"];
        (await ChangeAsync(office, ticket, $$"""{"ownerId":"{{foreigner}}"}""")).Code.ShouldBe("owner_not_found");
        (
            await office.PostAsync($"threads/{thread.Id}/notes", $$"""{"text":"x","mentions":["{{foreigner}}"]}""", "k")
        ).Code.ShouldBe("agent_not_found");
    }
}
